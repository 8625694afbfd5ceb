namespace Florist.Kernel;

/// <summary>Classes of wake-ups, most urgent first; each has its reserved share of the waking.</summary>
public enum WakeClass
{
    /// <summary>Cut-offs, expiries, promises.</summary>
    Deadline,

    /// <summary>Order notices, deferred sends.</summary>
    Notice,

    /// <summary>Occasion reminders.</summary>
    Occasion,

    /// <summary>Surveys and marketing.</summary>
    Survey,
}
