using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Data.Settings;

public sealed class SettingsTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();
    private ServiceProvider _node = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _node = _world.Build(services => services.AddSettings());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task One_group_is_saved_and_the_others_stay()
    {
        var before = await ReadAsync();

        var saved = await SaveAsync(new SettingsChanges { Numbering = new NumberingSettings(" BL ", 1) }, before.Version);

        saved.Failures.ShouldBeEmpty();
        var after = await ReadAsync();
        (after.Settings.InvoiceSeries, after.Settings.FinancialYearStart, after.Settings.Seller).ShouldBe(("BL", 1, before.Settings.Seller));
        after.Version.ShouldBe(saved.Value.Version);
        var audit = await _world.ScalarAsync<string>("SELECT before::text || ' > ' || after::text FROM audit_log WHERE action = 'settings.changed'");
        audit.ShouldContain("\"INV\"");
        audit.ShouldContain("\"BL\"");
        audit.ShouldNotContain("Example Seller");
    }

    [Fact]
    public async Task Who_saves_after_somebody_else_is_told_and_overwrites_nothing()
    {
        var version = (await ReadAsync()).Version;
        _world.Clock.Now = _world.Clock.Now.AddSeconds(1);
        (await SaveAsync(new SettingsChanges { Billing = new BillingSettings("Asia/Kolkata", true, "") }, version)).Failures.ShouldBeEmpty();

        var late = await SaveAsync(new SettingsChanges { Billing = new BillingSettings("UTC", false, "") }, version);

        late.Failure.Code.ShouldBe("settings_changed");
        (await ReadAsync()).Settings.TimeZone.ShouldBe("Asia/Kolkata");
        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'settings.changed'")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_save_at_once_one_does()
    {
        var version = (await ReadAsync()).Version;
        _world.Clock.Now = _world.Clock.Now.AddSeconds(1);

        var saved = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => SaveAsync(new SettingsChanges { Numbering = new NumberingSettings($"S{number}", 4) }, version)));

        saved.Count(result => result.Succeeded).ShouldBe(1);
        saved.Where(result => !result.Succeeded).ShouldAllBe(result => result.Failure.Code == "settings_changed");
    }

    [Fact]
    public async Task The_first_save_of_all_needs_no_version()
    {
        await _world.SqlAsync("DELETE FROM settings");
        (await ReadAsync()).Version.ShouldBeNull();

        (await SaveAsync(new SettingsChanges { Defaults = new OrganisationDefaults { PaymentTermsDays = 5 } }, null)).Failures.ShouldBeEmpty();

        (await ReadAsync()).Settings.Defaults.PaymentTermsDays.ShouldBe(5);
        (await SaveAsync(new SettingsChanges { Defaults = new OrganisationDefaults() }, null)).Failure.Code.ShouldBe("settings_changed");
    }

    public static TheoryData<SettingsChanges, string> Mistakes => new()
    {
        { new SettingsChanges { Seller = new SellerProfile { Address = "1 Street" } }, "legalName" },
        { new SettingsChanges { Seller = new SellerProfile { LegalName = "Seller", Address = "1 Street", Country = "India" } }, "country" },
        { new SettingsChanges { Seller = new SellerProfile { LegalName = "Seller", Address = "1 Street", Email = "nobody" } }, "email" },
        { new SettingsChanges { Seller = new SellerProfile { LegalName = "Seller", Address = "1 Street", StateCode = "29", TaxId = "27AAPFU0939F1ZW" } }, "taxId" },
        { new SettingsChanges { Seller = new SellerProfile { LegalName = "Seller", Address = "1 Street", StateCode = "29", TaxId = "27AAPFU0939F1ZV" } }, "taxId" },
        { new SettingsChanges { Numbering = new NumberingSettings("TOOLONGSERIES", 4) }, "invoiceSeries" },
        { new SettingsChanges { Numbering = new NumberingSettings("INV", 13) }, "financialYearStart" },
        { new SettingsChanges { Billing = new BillingSettings("India", false, "") }, "timeZone" },
        { new SettingsChanges { Billing = new BillingSettings("UTC", false, new string('x', 1001)) }, "paymentInstructions" },
        { new SettingsChanges { Defaults = new OrganisationDefaults { PaymentTermsDays = 999 } }, "paymentTermsDays" },
        { new SettingsChanges { Defaults = new OrganisationDefaults { Currency = "ZZZ" } }, "currency" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistakes_are_named_by_their_field(SettingsChanges changes, string field) =>
        (await SaveAsync(changes, (await ReadAsync()).Version)).Failures.Select(failure => failure.Field).ShouldBe([field]);

    [Fact]
    public async Task A_GSTIN_of_the_state_with_its_check_digit_is_taken()
    {
        var seller = new SellerProfile { LegalName = "Seller", Address = "1 Street", StateCode = "27", TaxId = "27aapfu0939f1zv" };

        (await SaveAsync(new SettingsChanges { Seller = seller }, (await ReadAsync()).Version)).Failures.ShouldBeEmpty();

        (await ReadAsync()).Settings.Seller.TaxId.ShouldBe("27AAPFU0939F1ZV");
    }

    [Fact]
    public async Task Neither_customers_nor_operators_do()
    {
        var customer = _world.Customer((await _world.OrganisationAsync()).Id);
        var operators = _world.Staff with { Permissions = _world.Staff.Permissions.Except([Permissions.SettingsWrite]).ToHashSet() };

        foreach (var call in new[] { customer, operators })
        {
            (await _node.GetRequiredService<GetSettings>().RunAsync(call, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
            (await _node.GetRequiredService<SaveSettings>().RunAsync(call, new SettingsChanges(), null, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        }
    }

    private async Task<StoredSettings> ReadAsync() => (await _node.GetRequiredService<GetSettings>().RunAsync(_world.Staff, default)).Value;

    private Task<Result<StoredSettings>> SaveAsync(SettingsChanges changes, DateTimeOffset? version) => _node.GetRequiredService<SaveSettings>().RunAsync(_world.Staff, changes, version, default);
}
