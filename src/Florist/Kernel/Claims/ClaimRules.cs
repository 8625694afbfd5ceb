namespace Florist.Kernel;

/// <summary>What a command about a claim means beside the claim that there is. Pure.</summary>
public static class ClaimRules
{
    /// <summary>Asked to hold.</summary>
    /// <param name="present">What there is, expired ones taken out; null for nothing.</param>
    /// <param name="generation">The generation of the command.</param>
    /// <returns>What to do; a refusal <c>CLAIM_OUTDATED</c>.</returns>
    public static Outcome<ClaimStep> Hold<TContent>(Claim<TContent>? present, long generation)
        where TContent : class => present switch
        {
            null => ClaimStep.Take,
            _ when present.Generation > generation => Outdated(present.Id),
            { State: ClaimState.Committed } when present.Generation == generation => ClaimStep.Nothing,
            _ => ClaimStep.Take,
        };

    /// <summary>Asked to commit. A hold that has expired is taken anew, if there still is enough.</summary>
    /// <param name="present">As for <see cref="Hold"/>.</param>
    /// <param name="generation">The generation of the command.</param>
    /// <returns>What to do; a refusal <c>CLAIM_OUTDATED</c> or <c>CLAIM_RELEASED</c>.</returns>
    public static Outcome<ClaimStep> Commit<TContent>(Claim<TContent>? present, long generation)
        where TContent : class => present switch
        {
            null => ClaimStep.Take,
            _ when present.Generation > generation => Outdated(present.Id),
            _ when present.Generation < generation => ClaimStep.Take,
            { State: ClaimState.Held } => ClaimStep.Promote,
            { State: ClaimState.Committed } => ClaimStep.Nothing,
            _ => Fault.Refused("CLAIM_RELEASED", $"what was kept for {present.Id} has been given back")
                .With("claim", present.Id),
        };

    /// <summary>Asked to give back. What is not there is remembered as given back too.</summary>
    /// <param name="present">As for <see cref="Hold"/>.</param>
    /// <param name="generation">The generation of the command.</param>
    /// <returns>True when there is something to do.</returns>
    public static bool Release<TContent>(Claim<TContent>? present, long generation)
        where TContent : class =>
        present is null || (present.Generation <= generation && present.State != ClaimState.Released);

    private static Fault Outdated(string id) =>
        Fault.Refused("CLAIM_OUTDATED", $"{id} has claimed something else since").With("claim", id);
}

/// <summary>What to do about a claim.</summary>
public enum ClaimStep
{
    /// <summary>It is so already: the same answer again.</summary>
    Nothing,

    /// <summary>Take it, if there is enough; what the claim had before counts as free for that.</summary>
    Take,

    /// <summary>What is held becomes promised.</summary>
    Promote,
}
