namespace Orleans.Runtime;

internal abstract class Reminders
{
    internal static Reminders Of(IGrainBase grain) => throw new NotSupportedException($"{grain} asks for reminders");

    internal abstract Task<IGrainReminder> Register(string name, TimeSpan dueTime, TimeSpan period);

    internal abstract Task Unregister(IGrainReminder reminder);

    internal abstract Task<IGrainReminder?> Get(string name);

    internal abstract Task<List<IGrainReminder>> List();
}
