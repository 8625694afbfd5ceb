using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What may take the place of a stem that is missing, and who has to be asked. Pure.</summary>
internal static class OrderSubstitutions
{
    private const int SubstitutionsMax = 8;

    // The shop needs this long to bind and hand over what was agreed.
    private static readonly TimeSpan BindingTime = TimeSpan.FromHours(1);

    /// <summary>Whether a stem may take the place of another; asked of the customer where they wanted that.</summary>
    public static Outcome<OrderChange> Propose(
        OrderRecord order,
        ProposeSubstitution command,
        ICatalogue catalogue,
        OrdersOptions options,
        DateTimeOffset now)
    {
        if (OrderSteps.Wrong(order, command.Etag, OrderState.Confirmed, OrderState.Preparing) is { } wrong)
        {
            return wrong;
        }

        if (order.Draft.Substitution == SubstitutionPolicy.NoSubstitution)
        {
            return Fault.Refused("SUBSTITUTION_NOT_ALLOWED", "the customer wants exactly what was shown")
                .With("name", order.Id.Name);
        }

        if (Open(order) is { } open)
        {
            return open;
        }

        if (order.Substitutions.Length >= SubstitutionsMax)
        {
            return Fault.TooMany(
                "SUBSTITUTIONS_LIMIT", $"an order can have {SubstitutionsMax} stems replaced");
        }

        if (Suits(order, command, catalogue) is { } unsuitable)
        {
            return unsuitable;
        }

        bool ask = order.Draft.Substitution == SubstitutionPolicy.AskFirst;
        DateTimeOffset soon = now.AddHours(options.SubstitutionAnswerHours);
        DateTimeOffset latest = order.Terms.WindowStartsAt - BindingTime;
        DateTimeOffset answerBy = soon < latest ? soon : latest;
        if (ask && answerBy <= now)
        {
            return Fault.Refused("TOO_LATE_TO_ASK", $"the customer would have had to answer by {latest:u}")
                .With("answerTime", $"{latest:O}");
        }

        return new SubstitutionMade(new Substitution
        {
            Number = order.Substitutions.Length + 1,
            Bouquet = command.Bouquet,
            Missing = command.Missing,
            Instead = command.Instead,
            State = ask ? SubstitutionState.Proposed : SubstitutionState.Applied,
            ProposedAt = now,
            AnswerBy = ask ? answerBy : null,
        });
    }

    /// <summary>Whether the customer's answer still counts.</summary>
    public static Outcome<OrderChange> Answer(OrderRecord order, AnswerSubstitution command)
    {
        if (command.Etag is { } etag && etag != order.Etag)
        {
            return Fault.Stale(order.Id.Name);
        }

        Substitution? asked = order.Substitutions.FirstOrDefault(one => one.Number == command.Number);
        if (asked is null)
        {
            return Fault.NotFound($"{order.Id.Name}/substitutions/{command.Number}");
        }

        return asked.State == SubstitutionState.Proposed
            ? new SubstitutionAnswered(asked with
            {
                State = command.Accepts ? SubstitutionState.Accepted : SubstitutionState.Declined,
                AnsweredBy = command.By,
            })
            : Fault.Refused("SUBSTITUTION_CLOSED", $"it is {OrderWords.Of(asked.State)} already")
                .With("state", OrderWords.Of(asked.State));
    }

    /// <summary>Why the shop cannot go on with the order; null when no customer is being asked.</summary>
    public static Fault? Open(OrderRecord order) => order.OpenSubstitution is { } open
        ? Fault.Refused("SUBSTITUTION_OPEN", $"the customer is asked about {open.Missing} until {open.AnswerBy:u}")
            .With("stem", open.Missing.Value).With("answerTime", $"{open.AnswerBy:O}")
        : null;

    private static Fault? Suits(OrderRecord order, ProposeSubstitution command, ICatalogue catalogue)
    {
        bool isOrdered = order.Draft.Lines.Any(line => line.Bouquet == command.Bouquet);
        if (!isOrdered || catalogue.Find(command.Bouquet) is not { } bouquet)
        {
            return Fault.Invalid("bouquet", "LINE_NOT_ORDERED", "is not among what was ordered");
        }

        if (bouquet.Stems.FirstOrDefault(part => part.Stem.Id == command.Missing) is not { Stem: var missing })
        {
            return Fault.Invalid("missing_stem", "STEM_NOT_USED", "is not a stem of the bouquet");
        }

        if (catalogue.Stems.FirstOrDefault(stem => stem.Id == command.Instead) is not { } instead)
        {
            return Fault.Invalid("substitute_stem", "STEM_UNKNOWN", "is not in the catalogue");
        }

        if (order.Draft.Substitution == SubstitutionPolicy.AllowEqualOrGreaterValue
            && !missing.Colours.Overlaps(instead.Colours))
        {
            return Fault.Refused("SUBSTITUTE_UNLIKE", $"{instead.Id} has none of the colours of {missing.Id}")
                .With("stem", instead.Id.Value);
        }

        return Harm(order, command, bouquet, instead);
    }

    // What was accepted of the bouquet is accepted; what the substitute brings along is not.
    private static Fault? Harm(OrderRecord order, ProposeSubstitution command, Bouquet bouquet, Stem instead)
    {
        ImmutableSortedSet<Hazard> added = order.Draft.HazardsAcknowledged
            ? instead.Hazards.Except(bouquet.Hazards)
            : instead.Hazards;
        OrderContext context = command.Context;
        if (added.Overlaps(Tastes.HazardsFor([], context.HasCats, context.HasDogs)))
        {
            return Fault.Refused("HAZARD_FOR_PET", $"{instead.Id} is dangerous to a pet of the recipient")
                .With("stem", instead.Id.Value);
        }

        if (added.Overlaps(Tastes.HazardsFor(context.Allergies, hasCats: false, hasDogs: false)))
        {
            return Fault.Refused("HAZARD_FOR_RECIPIENT", $"{instead.Id} is what the recipient is allergic to")
                .With("stem", instead.Id.Value);
        }

        return context.DislikedStems.Any(word => Tastes.Names(word, instead))
            ? Fault.Refused("SUBSTITUTE_DISLIKED", $"the recipient dislikes {instead.Id}")
                .With("stem", instead.Id.Value)
            : null;
    }
}
