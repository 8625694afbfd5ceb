namespace Florist.Catalogue;

/// <summary>What flowers are given for. Bouquets are sold, ranked and suggested by these words.</summary>
public enum OccasionCategory
{
    /// <summary>No particular reason; also what nothing else fits, such as a name day.</summary>
    JustBecause,

    /// <summary>A birthday.</summary>
    Birthday,

    /// <summary>A wedding anniversary or another day that a couple keeps.</summary>
    Anniversary,

    /// <summary>Mothering Sunday or Mother's Day, whichever the recipient's country keeps.</summary>
    MothersDay,

    /// <summary>Father's Day.</summary>
    FathersDay,

    /// <summary>Valentine's Day.</summary>
    Valentines,

    /// <summary>International Women's Day.</summary>
    WomensDay,

    /// <summary>Easter.</summary>
    Easter,

    /// <summary>Christmas.</summary>
    Christmas,

    /// <summary>The birth of a child.</summary>
    NewBaby,

    /// <summary>An illness.</summary>
    GetWell,

    /// <summary>Thanks.</summary>
    ThankYou,

    /// <summary>An examination, a new home, a new post.</summary>
    Congratulations,

    /// <summary>A death. Never reminded of, never promoted, never followed by "order again".</summary>
    Sympathy,
}
