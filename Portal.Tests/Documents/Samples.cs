using System.Buffers.Binary;
using System.IO.Compression;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;

namespace Portal.Tests.Documents;

/// <summary>Documents of every shape, with invented parties.</summary>
internal static class Samples
{
    private static readonly Currency s_inr = Currency.Of("INR");

    public static DocumentParty Seller { get; } = new()
    {
        LegalName = "Example Cloud Services Private Limited",
        AddressLines = ["4th floor, Example House", "12 Residency Road", "Bengaluru 560025"],
        State = "Karnataka (29)",
        Country = "India",
        TaxIdLabel = "GSTIN",
        TaxId = "29AAAAA0000A1Z5",
        Email = "billing@cloud.example.com",
        Phone = "+91 80 0000 0000",
    };

    public static DocumentParty Customer { get; } = new()
    {
        LegalName = "Sample Retail LLP",
        AddressLines = ["Unit 7, Sample Park", "Mysuru 570001"],
        State = "Karnataka (29)",
        Country = "India",
        TaxIdLabel = "GSTIN",
        TaxId = "29BBBBB0000B1Z3",
        Email = "accounts@retail.example.com",
    };

    /// <summary>CGST and SGST, a graduated line, a logo, a pay link, notes: most of what there is.</summary>
    public static InvoiceDocument Gst { get; } = new()
    {
        Title = "Tax invoice",
        Number = "INV/26-27/000123",
        Seller = Seller with { Logo = Png(360, 96) },
        Customer = Customer,
        IssueDate = new(2026, 12, 1),
        DueDate = new(2026, 12, 16),
        PeriodStart = new(2026, 11, 1),
        PeriodEnd = new(2026, 11, 30),
        PlaceOfSupply = "Karnataka (29)",
        ReverseCharge = false,
        Currency = s_inr,
        Locale = "en-IN",
        Lines =
        [
            new()
            {
                Description = "API calls", Detail = "api.calls · Storefront · 1 – 30 Nov 2026", HsnSac = "998315", Quantity = 1_250_000, Unit = "calls", Amount = 67_500.00m,
                Tiers =
                [
                    new("First 1,00,000", 100_000, 0.10m, 10_000m),
                    new("Next 9,00,000", 900_000, 0.05m, 45_000m),
                    new("Above 10,00,000", 250_000, 0.049999999999m, 12_499.99999975m),
                    new("Flat fee", null, null, 0.00000025m),
                ],
            },
            new() { Description = "Object storage", Detail = "storage.gb_hours · Storefront · 1 – 30 Nov 2026", HsnSac = "998315", Quantity = 86_400.125m, Unit = "GB-hours", UnitPrice = 0.32m, Amount = 27_648.04m },
            new() { Description = "Growth plan", Detail = "1 – 31 Dec 2026, in advance", HsnSac = "998313", Quantity = 1, Unit = "month", UnitPrice = 12_500m, Amount = 12_500m },
            new()
            {
                Description = "Text messages abroad", Detail = "sms.sent · Alerts · 1 – 30 Nov 2026", HsnSac = "998413", Quantity = 420, Unit = "messages", UnitPrice = 0.0075m, Amount = 263.81m,
                Conversion = new(3.15m, Currency.Of("USD"), 83.75m, new(2026, 11, 30), "RBI reference rate"),
            },
            new() { Description = "Credit for 9 unused days of the Starter plan", HsnSac = "998313", Amount = -1_936.51m },
        ],
        Subtotal = 105_975.34m,
        Discount = 0.34m,
        Taxable = 105_975.00m,
        Taxes = [new("CGST", 9, 105_975.00m, 9_537.75m), new("SGST", 9, 105_975.00m, 9_537.75m)],
        Total = 125_050.50m,
        Adjustments = [new("Account credit", -50.50m)],
        AmountPaid = 25_000m,
        AmountDue = 100_000.00m,
        AmountInWords = AmountInWords.Of(new(125_050.50m, s_inr), "en-IN"),
        PayLink = new("https://billing.example.com/pay/3fK9sLw2Qx7TzV1bN8mR4c"),
        PaymentInstructions = "Bank transfer to Example Cloud Services Private Limited\nExample Bank, account 000000000000, IFSC EXMP0000000\nPlease give the invoice number as the reference.",
        Notes = "Thank you for your business.\nTax deducted at source: please send the certificate to billing@cloud.example.com.",
        Footer = "Example Cloud Services Private Limited · CIN U00000KA2020PTC000000 · billing.example.com\nMade by a computer and valid without a signature.",
    };

    /// <summary>One line, no tax, another locale.</summary>
    public static InvoiceDocument OneLine { get; } = new()
    {
        Title = "Invoice",
        Number = "US-000042",
        Seller = new() { LegalName = "Example Inc.", AddressLines = ["1 Example Street", "Springfield, IL 62701"], Country = "United States", Email = "billing@example.com" },
        Customer = new() { LegalName = "Sample Labs", AddressLines = ["22 Sample Avenue", "Portland, OR 97201"], Country = "United States" },
        IssueDate = new(2026, 12, 1),
        DueDate = new(2026, 12, 31),
        PeriodStart = new(2026, 11, 1),
        PeriodEnd = new(2026, 11, 30),
        Currency = Currency.Of("USD"),
        Locale = "en-US",
        Lines = [new() { Description = "Requests", Detail = "http.requests", Quantity = 12_345, Unit = "requests", UnitPrice = 0.1m, Amount = 1_234.50m }],
        Subtotal = 1_234.50m,
        Taxable = 1_234.50m,
        Total = 1_234.50m,
        AmountDue = 1_234.50m,
        PayLink = new("https://billing.example.com/pay/7hQ2mZ"),
    };

    public static InvoiceDocument Draft { get; } = Gst with { Title = "Draft invoice", IsDraft = true, Number = null, AmountPaid = 0, Adjustments = [], AmountDue = 125_050.50m };

    public static InvoiceDocument Paid { get; } = OneLine with { AmountPaid = 1_234.50m, AmountDue = 0, PayLink = null };

    /// <summary>Ten pages; every seventh line has tiers.</summary>
    public static InvoiceDocument Long { get; } = WithLines(300);

    /// <summary>Names, ids and texts of the greatest length, and what must not be read as markup.</summary>
    public static InvoiceDocument LongNames { get; } = Gst with
    {
        Seller = Seller with { LegalName = "The International Association of Example Companies and Their Subsidiaries in Every Country of the World Private Limited" },
        Customer = Customer with
        {
            LegalName = "Sample #strong[Holdings] & *Sons* $x^2$ <script> \"quoted\" \\ \u202Eesrever नमूना कंपनी Ωmega",
            AddressLines = ["A very long line of an address that goes on and on, past the second gate, behind the third building, and then some more", "Example"],
            Email = "a-very-long-mailbox-name-that-nobody-would-ever-type-by-hand.accounts-payable.department@a-long-subdomain.of-a-long-domain.example.com",
        },
        Lines =
        [
            new()
            {
                Description = "metric_with_a_name_of_one_hundred_characters.that-has:no-spaces_in_it.and_goes_on_and_on_until_the_end1",
                Detail = "organisation/project-with-a-long-name/environment-with-a-long-name/region-with-a-long-name/1234567890", HsnSac = "99831599",
                Quantity = 999_999_999_999.123456789012m, Unit = "gibibyte-milliseconds-of-provisioned-memory", UnitPrice = 0.000000000125m, Amount = 9_99_99_99_999.99m,
            },
        ],
        Subtotal = 9_99_99_99_999.99m,
        Discount = 0,
        Taxable = 9_99_99_99_999.99m,
        Taxes = [new("IGST", 18, 9_99_99_99_999.99m, 1_80_00_00_000.00m)],
        Total = 11_79_99_99_999.99m,
        Adjustments = [],
        AmountPaid = 0,
        AmountDue = 11_79_99_99_999.99m,
        AmountInWords = AmountInWords.Of(new(11_79_99_99_999.99m, s_inr), "en-IN"),
    };

    public static ReceiptDocument Receipt { get; } = new()
    {
        Title = "Receipt",
        Number = "RCT/26-27/000087",
        Seller = Seller with { Logo = Png(360, 96) },
        Customer = Customer,
        PaidOn = new(2026, 12, 9),
        Method = "UPI",
        Reference = "pay_EXAMPLE0000001",
        Currency = s_inr,
        Locale = "en-IN",
        Amount = 110_000m,
        Allocations = [new("INV/26-27/000098", new(2026, 11, 1), 20_000m, 8_000m, 2_000m, 0), new("INV/26-27/000123", new(2026, 12, 1), 125_050.50m, 100_000m, 0, 25_000m)],
        Unallocated = 2_000m,
        AmountInWords = AmountInWords.Of(new(110_000m, s_inr), "en-IN"),
        Footer = Gst.Footer,
    };

    /// <summary>An invoice of so many lines whose figures add up.</summary>
    public static InvoiceDocument WithLines(int count)
    {
        var lines = Enumerable.Range(1, count).Select(number => new InvoiceDocumentLine
        {
            Description = $"Service {number:000}",
            Detail = $"metric.{number:000} · Project {number % 12} · 1 – 30 Nov 2026",
            HsnSac = "998315",
            Quantity = number * 10,
            Unit = "units",
            UnitPrice = number % 7 == 0 ? null : 2.5m,
            Amount = number * 25m,
            Tiers = number % 7 == 0 ? [new("First 5", 5, 3m, 15m), new($"Next {number * 10 - 5:N0}", number * 10 - 5, 2.5m, number * 25m - 12.5m), new("Allowance", null, null, -2.5m)] : [],
        }).ToList();
        var subtotal = lines.Sum(line => line.Amount);
        var half = s_inr.Round(subtotal * 0.09m);
        var total = subtotal + 2 * half;
        return Gst with
        {
            Lines = lines, Subtotal = subtotal, Discount = 0, Taxable = subtotal, Taxes = [new("CGST", 9, subtotal, half), new("SGST", 9, subtotal, half)],
            Total = total, Adjustments = [], AmountPaid = 0, AmountDue = total, AmountInWords = AmountInWords.Of(new(total, s_inr), "en-IN"),
        };
    }

    /// <summary>A PNG of a plain mark, made here so that no file is needed.</summary>
    public static byte[] Png(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                    zlib.WriteByte((x / (height / 3) + y / (height / 3)) % 2 == 0 ? (byte)30 : (byte)225);
            }
        }
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, pixels.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] named = [.. name, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(named);
        var crc = 0xFFFFFFFFu;
        foreach (var one in named)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        png.Write(number);
    }
}
