using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>Who sells, over a range of days. Two versions are never in force on one day; the database refuses it.</summary>
public sealed class SellerTaxProfile : IInForce
{
    private SellerTaxProfile() { }

    public Guid Id { get; private set; }

    /// <summary>What issued invoices copy.</summary>
    public SellerProfile Profile { get; private set; } = new();

    public DateOnly EffectiveFrom { get; private set; }

    public DateOnly? EffectiveTo { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static SellerTaxProfile Create(SellerProfile profile, DateOnly effectiveFrom, DateOnly? effectiveTo, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Profile = profile, EffectiveFrom = effectiveFrom, EffectiveTo = effectiveTo, CreatedAt = now, UpdatedAt = now };

    /// <summary>Corrects this version; what is issued keeps its copies.</summary>
    public void Correct(SellerProfile profile, DateTimeOffset now) => (Profile, UpdatedAt) = (profile, now);

    internal void End(DateOnly effectiveTo, DateTimeOffset now) => (EffectiveTo, UpdatedAt) = (effectiveTo, now);
}
