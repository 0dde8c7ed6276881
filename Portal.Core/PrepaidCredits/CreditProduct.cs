namespace Portal.Core.PrepaidCredits;

/// <summary>A pack of prepaid credits that can be bought. What was bought keeps the numbers of its day.</summary>
public sealed class CreditProduct
{
    private CreditProduct() { }

    public Guid Id { get; private set; }

    /// <summary>1 to 100 characters; unique.</summary>
    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    /// <summary>Credits in a pack, above 0.</summary>
    public decimal Credits { get; private set; }

    /// <summary>Of a pack, above 0: with the tax where the rate in force is contained in prices, else without.</summary>
    public decimal Price { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>Days from the payment until what is left expires; null: never.</summary>
    public int? ValidityDays { get; private set; }

    /// <summary>Code of the service, for the receipt voucher; decides the tax rate.</summary>
    public string? HsnSac { get; private set; }

    /// <summary>The pack's id in a catalogue of the payment provider, where one is kept.</summary>
    public string? ProviderProductId { get; private set; }

    /// <summary>The id of its price there; unique.</summary>
    public string? ProviderPriceId { get; private set; }

    /// <summary>False: it can't be bought any more.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static CreditProduct Create(CreditProductTerms terms, DateTimeOffset now)
    {
        var product = new CreditProduct { Id = Guid.CreateVersion7(now), CreatedAt = now };
        product.Change(terms, now);
        return product;
    }

    /// <summary>Takes over the terms; for what is bought from now on.</summary>
    public void Change(CreditProductTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Name = terms.Name;
        Description = terms.Description;
        Credits = terms.Credits;
        Price = terms.Price;
        Currency = terms.Currency;
        ValidityDays = terms.ValidityDays;
        HsnSac = terms.HsnSac;
        ProviderProductId = terms.ProviderProductId;
        ProviderPriceId = terms.ProviderPriceId;
        IsActive = terms.IsActive;
        UpdatedAt = now;
    }
}

/// <summary>What staff say of a pack.</summary>
public sealed record CreditProductTerms(
    string Name,
    decimal Credits,
    decimal Price,
    string Currency,
    int? ValidityDays = null,
    string? Description = null,
    string? HsnSac = null,
    string? ProviderProductId = null,
    string? ProviderPriceId = null,
    bool IsActive = true);
