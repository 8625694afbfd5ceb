namespace Orleans.Runtime;

/// <summary>Takes failures out of tasks.</summary>
internal static class CallFailure
{
    /// <summary>The exception awaiting the task would throw.</summary>
    /// <param name="ended">A task that failed or was cancelled.</param>
    internal static Exception Of(Task ended) => ended.Exception?.InnerException ?? new TaskCanceledException(ended);
}
