using Portal.Core.Organisations;

namespace Portal.Demo;

/// <summary>The customers of the demo: made-up names at made-up addresses, below domains that are kept free for examples.</summary>
internal static class DemoCompanies
{
    /// <summary>The first four have the demo's accounts; their order stays.</summary>
    public static IReadOnlyList<DemoCompany> All { get; } =
    [
        India("Acme Analytics", "acme", "billing", "29", "7 Sample Street\nBengaluru 560034", 1.0m),
        India("Globex Retail", "globex", "accounts", "27", "21 Sample Lane\nMumbai 400001", 1.6m),
        new("Initech Cloud", "ap@initech.example.com", "US", "NY", "USD", "America/New_York", "en-US", "350 Sample Avenue\nNew York, NY 10001", 30, 2.2m),
        India("Umbrella Logistics", "umbrella", "finance", "33", "3 Sample Quay\nChennai 600001", 2.8m),
        India("Bluewater Freight", "bluewater", "accounts", "24", "18 Harbour Sample Road\nAhmedabad 380001", 0.9m),
        India("Copperleaf Foods", "copperleaf", "billing", "07", "4 Sample Bagh\nNew Delhi 110001", 0.7m),
        India("Nimbus Telematics", "nimbus", "finance", "36", "9 Sample Hills\nHyderabad 500033", 3.4m, 45),
        India("Saffron Payments", "saffron", "accounts", "27", "62 Sample Park\nPune 411001", 4.1m),
        India("Monsoon Mobility", "monsoon", "billing", "32", "15 Sample Backwater\nKochi 682001", 1.2m),
        India("Peacock Textiles", "peacock", "accounts", "08", "11 Sample Bazaar\nJaipur 302001", 0.5m),
        India("Kaveri Health Data", "kaveri", "finance", "29", "31 Sample Circle\nMysuru 570001", 1.4m, 30),
        India("Tamarind Labs", "tamarind", "billing", "33", "8 Sample Nagar\nCoimbatore 641001", 0.8m, 30),
        India("Ganga Grid Energy", "gangagrid", "accounts", "09", "2 Sample Ghat\nLucknow 226001", 1.9m),
        India("Lotus Lending", "lotus", "finance", "19", "44 Sample Sarani\nKolkata 700001", 1.1m),
        new("Northwind Sensors", "billing@northwind.example.com", "US", "CA", "USD", "America/Los_Angeles", "en-US", "12 Sample Boulevard\nOakland, CA 94607", 30, 3.0m),
        new("Prairie Software", "ap@prairie.example.com", "US", "IL", "USD", "America/Chicago", "en-US", "77 Sample Drive\nChicago, IL 60601", 30, 1.3m),
        new("Granite State Robotics", "ap@granite.example.com", "US", "MA", "USD", "America/New_York", "en-US", "5 Sample Wharf\nBoston, MA 02110", 45, 0.9m),
        new("Maple Ridge Media", "accounts@mapleridge.example.com", "CA", "ON", "CAD", "America/Toronto", "en-CA", "90 Sample Crescent\nToronto, ON M5H 2N2", 30, 1.0m),
        new("Thistle & Wren", "finance@thistle.example.com", "GB", "SCT", "GBP", "Europe/London", "en-GB", "6 Sample Close\nEdinburgh EH1 1AA", 30, 1.7m),
        new("Harbour Lane Insurance", "accounts@harbourlane.example.com", "GB", "ENG", "GBP", "Europe/London", "en-GB", "40 Sample Row\nLondon EC2A 4NE", 30, 2.4m),
        new("Rheinwerk Logistik", "buchhaltung@rheinwerk.example.com", "DE", null, "EUR", "Europe/Berlin", "de-DE", "Musterstrasse 12\n50667 Koeln", 14, 2.0m),
        new("Alpenblick Energie", "rechnung@alpenblick.example.com", "AT", null, "EUR", "Europe/Vienna", "de-AT", "Mustergasse 3\n1010 Wien", 14, 0.8m),
        new("Lumiere Paiements", "factures@lumiere.example.com", "FR", null, "EUR", "Europe/Paris", "fr-FR", "8 rue de l'Exemple\n75002 Paris", 30, 1.5m),
        new("Polder Data", "administratie@polder.example.com", "NL", null, "EUR", "Europe/Amsterdam", "nl-NL", "Voorbeeldkade 21\n1012 AB Amsterdam", 30, 1.1m),
        new("Olivar Digital", "facturas@olivar.example.com", "ES", null, "EUR", "Europe/Madrid", "es-ES", "Calle Ejemplo 5\n28001 Madrid", 30, 0.6m),
        new("Fjordlys Subsea", "faktura@fjordlys.example.com", "NO", null, "NOK", "Europe/Oslo", "nb-NO", "Eksempelgata 4\n5003 Bergen", 30, 0.7m),
        new("Skargard Games", "faktura@skargard.example.com", "SE", null, "SEK", "Europe/Stockholm", "sv-SE", "Exempelgatan 17\n111 22 Stockholm", 30, 2.6m),
        new("Bergbahn Ticketing", "debitoren@bergbahn.example.com", "CH", null, "CHF", "Europe/Zurich", "de-CH", "Musterweg 9\n8001 Zuerich", 30, 0.9m),
        new("Sakura Robotics", "keiri@sakura.example.com", "JP", null, "JPY", "Asia/Tokyo", "ja-JP", "1-2-3 Sample, Minato\nTokyo 105-0001", 30, 1.8m),
        new("Hanabi Commerce", "keiri@hanabi.example.com", "JP", null, "JPY", "Asia/Tokyo", "ja-JP", "4-5 Sample, Kita\nOsaka 530-0001", 30, 0.8m),
        new("Straits Shipping Data", "accounts@straits.example.com", "SG", null, "SGD", "Asia/Singapore", "en-SG", "30 Sample Quay\nSingapore 049315", 30, 2.1m),
        new("Merlion Fintech", "finance@merlion.example.com", "SG", null, "SGD", "Asia/Singapore", "en-SG", "2 Sample Link\nSingapore 018956", 30, 1.2m),
        new("Wattle Creek Mining", "accounts@wattle.example.com", "AU", "WA", "AUD", "Australia/Perth", "en-AU", "14 Sample Terrace\nPerth WA 6000", 30, 1.0m),
        new("Southern Cross Cloud", "ap@southerncross.example.com", "AU", "NSW", "AUD", "Australia/Sydney", "en-AU", "55 Sample Street\nSydney NSW 2000", 30, 1.6m),
        new("Kowhai Farms", "accounts@kowhai.example.com", "NZ", null, "NZD", "Pacific/Auckland", "en-NZ", "3 Sample Road\nHamilton 3204", 20, 0.4m),
        new("Dune Charging", "accounts@dune.example.com", "AE", null, "AED", "Asia/Dubai", "en-AE", "Sample Tower 4\nDubai", 30, 1.3m),
        new("Pearl Bay Telecom", "billing@pearlbay.example.com", "KW", null, "KWD", "Asia/Kuwait", "en-US", "Sample Street 2\nKuwait City", 30, 0.9m),
        new("Himal Telemedicine", "accounts@himal.example.com", "NP", null, "NPR", "Asia/Kathmandu", "en-US", "Sample Marg 6\nKathmandu 44600", 30, 0.5m),
        new("Jacaranda Retail Tech", "accounts@jacaranda.example.com", "ZA", null, "ZAR", "Africa/Johannesburg", "en-ZA", "21 Sample Avenue\nPretoria 0002", 30, 0.7m),
        new("Ipe Florestal", "financeiro@ipe.example.com", "BR", null, "BRL", "America/Sao_Paulo", "pt-BR", "Rua Exemplo 100\nSao Paulo 01310-000", 28, 0.6m),
    ];

    // A company's PAN has C as its fourth letter. Every fourth is not registered.
    private static string? Gstin(string state, string domain)
    {
        if (domain.Length % 4 == 1)
            return null;
        var letters = domain.ToUpperInvariant();
        var first = $"{state}{letters[..3]}C{letters[3]}{1000 + domain.Sum(letter => letter)}Q1Z";
        return first + Core.Tax.Gstin.CheckCharacter(first);
    }

    private static DemoCompany India(string name, string domain, string mailbox, string state, string address, decimal size, int termsDays = 15) =>
        new(name, $"{mailbox}@{domain}.example.com", "IN", state, "INR", "Asia/Kolkata", "en-IN", address, termsDays, size) { TaxId = Gstin(state, domain) };
}

/// <summary>A customer of the demo. <paramref name="Size"/> says how much it uses, 1 for an ordinary one.</summary>
internal sealed record DemoCompany(
    string Name, string Email, string Country, string? State, string Currency, string TimeZone, string Locale, string Address, int TermsDays, decimal Size)
{
    /// <summary>Made up, with a check digit that holds; null for those that are not registered.</summary>
    public string? TaxId { get; init; }

    public OrganisationProfile Profile => new()
    {
        Name = Name, BillingEmail = Email, Currency = Currency, TimeZone = TimeZone, Country = Country, StateCode = State, Locale = Locale, Address = Address,
        TaxId = TaxId, PaymentTermsDays = TermsDays,
    };
}
