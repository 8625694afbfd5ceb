namespace Orleans.Runtime;

/// <summary>Work of an activation that runs on its turn scheduler.</summary>
internal interface ITurn
{
    /// <summary>Runs up to the first await. It does not throw.</summary>
    void Run();
}

/// <summary>A turn made of a delegate.</summary>
internal sealed class ActionTurn(Action action) : ITurn
{
    public void Run() => action();
}
