using System.Collections.Frozen;

namespace Florist.Customers;

/// <summary>
/// Zone and language taken for a customer who named none: those of the country's capital, or of most of its people.
/// Countries that are not listed get the shop's own.
/// </summary>
internal static class CountryDefaults
{
    /// <summary>The shop's country.</summary>
    public const string Country = "GB";

    private const string ShopZone = "Europe/London";
    private const string ShopLanguage = "en-GB";

    private static readonly FrozenDictionary<string, (string Zone, string Language)> Known = """
        AE Asia/Dubai ar-AE
        AR America/Argentina/Buenos_Aires es-AR
        AT Europe/Vienna de-AT
        AU Australia/Sydney en-AU
        BE Europe/Brussels nl-BE
        BG Europe/Sofia bg-BG
        BR America/Sao_Paulo pt-BR
        CA America/Toronto en-CA
        CH Europe/Zurich de-CH
        CL America/Santiago es-CL
        CN Asia/Shanghai zh-CN
        CO America/Bogota es-CO
        CY Asia/Nicosia el-CY
        CZ Europe/Prague cs-CZ
        DE Europe/Berlin de-DE
        DK Europe/Copenhagen da-DK
        EE Europe/Tallinn et-EE
        EG Africa/Cairo ar-EG
        ES Europe/Madrid es-ES
        FI Europe/Helsinki fi-FI
        FR Europe/Paris fr-FR
        GB Europe/London en-GB
        GG Europe/Guernsey en-GB
        GR Europe/Athens el-GR
        HK Asia/Hong_Kong zh-HK
        HR Europe/Zagreb hr-HR
        HU Europe/Budapest hu-HU
        IE Europe/Dublin en-IE
        IL Asia/Jerusalem he-IL
        IM Europe/Isle_of_Man en-GB
        IN Asia/Kolkata en-IN
        IS Atlantic/Reykjavik is-IS
        IT Europe/Rome it-IT
        JE Europe/Jersey en-GB
        JP Asia/Tokyo ja-JP
        KE Africa/Nairobi en-KE
        KR Asia/Seoul ko-KR
        LI Europe/Vaduz de-LI
        LT Europe/Vilnius lt-LT
        LU Europe/Luxembourg fr-LU
        LV Europe/Riga lv-LV
        MC Europe/Monaco fr-MC
        MT Europe/Malta en-MT
        MX America/Mexico_City es-MX
        MY Asia/Kuala_Lumpur ms-MY
        NG Africa/Lagos en-NG
        NL Europe/Amsterdam nl-NL
        NO Europe/Oslo nb-NO
        NZ Pacific/Auckland en-NZ
        PH Asia/Manila en-PH
        PL Europe/Warsaw pl-PL
        PT Europe/Lisbon pt-PT
        RO Europe/Bucharest ro-RO
        RS Europe/Belgrade sr-RS
        SA Asia/Riyadh ar-SA
        SE Europe/Stockholm sv-SE
        SG Asia/Singapore en-SG
        SI Europe/Ljubljana sl-SI
        SK Europe/Bratislava sk-SK
        TH Asia/Bangkok th-TH
        TR Europe/Istanbul tr-TR
        TW Asia/Taipei zh-TW
        UA Europe/Kyiv uk-UA
        US America/New_York en-US
        VN Asia/Ho_Chi_Minh vi-VN
        ZA Africa/Johannesburg en-ZA
        """.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(part => part[0], part => (part[1], part[2]), StringComparer.Ordinal);

    /// <summary>The countries that are listed.</summary>
    public static IEnumerable<string> Countries => Known.Keys;

    /// <summary>The IANA zone of a country.</summary>
    public static string ZoneOf(string country) =>
        Known.TryGetValue(country, out (string Zone, string Language) known) ? known.Zone : ShopZone;

    /// <summary>The BCP-47 tag of a country.</summary>
    public static string LanguageOf(string country) =>
        Known.TryGetValue(country, out (string Zone, string Language) known) ? known.Language : ShopLanguage;
}
