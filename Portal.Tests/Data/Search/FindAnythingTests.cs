using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Search;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Search;

public sealed class FindAnythingTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private IssuedApiKey _key = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.CreateAsync();
        _key = (await _world.Get<IssueApiKey>().RunAsync(_world.Staff, _world.AcmeProject.Id, new ApiKeyRequest("Collector", [ApiKeyScopes.UsageWrite]), default)).Value;
        await InvoiceAsync(_world.Acme.Id, "INV/26-27/000123");
        await InvoiceAsync(_world.Globex.Id, "INV/26-27/000124");
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Staff_find_organisations_projects_invoices_and_keys()
    {
        (await FindAsync(_world.Staff, "acme")).ShouldBe([new(FoundKind.Organisation, _world.Acme.Id, _world.Acme.Id, "Acme", "billing@acme.example.com")]);
        (await FindAsync(_world.Staff, "sto")).Select(thing => (thing.Kind, thing.Text, thing.Note)).ShouldBe([(FoundKind.Project, "Store", "Globex")]);
        (await FindAsync(_world.Staff, "27/00012")).Select(thing => (thing.Kind, thing.Text)).ShouldBe([(FoundKind.Invoice, "INV/26-27/000124"), (FoundKind.Invoice, "INV/26-27/000123")], ignoreOrder: true);
        (await FindAsync(_world.Staff, _key.Key.Prefix[..6])).ShouldBe([new(FoundKind.ApiKey, _world.AcmeProject.Id, _world.Acme.Id, _key.Key.Prefix, "Collector · Shop")]);
    }

    [Fact]
    public async Task A_key_that_is_pasted_whole_is_found_by_its_public_part() =>
        (await FindAsync(_world.Staff, _key.Secret)).ShouldHaveSingleItem().Text.ShouldBe(_key.Key.Prefix);

    [Fact]
    public async Task What_begins_with_the_words_comes_before_what_contains_them()
    {
        await _world.ExecuteAsync($"UPDATE organisations SET name = 'New Acme' WHERE id = {_world.Globex.Id}");

        (await FindAsync(_world.Staff, "ACME")).Where(thing => thing.Kind == FoundKind.Organisation).Select(thing => thing.Text).ShouldBe(["Acme", "New Acme"]);
    }

    [Fact]
    public async Task A_customer_finds_its_own_things_alone()
    {
        var call = Customer(_world.Acme.Id, Permissions.All);

        (await FindAsync(call, "globex")).ShouldBeEmpty();
        (await FindAsync(call, "acme")).ShouldBeEmpty("organisations are found by staff");
        (await FindAsync(call, "store")).ShouldBeEmpty();
        (await FindAsync(call, "00012")).Select(thing => (thing.Text, thing.Note)).ShouldBe([("INV/26-27/000123", "")]);
        (await FindAsync(call, _key.Key.Prefix)).ShouldHaveSingleItem();
        (await FindAsync(Customer(_world.Globex.Id, Permissions.All), _key.Key.Prefix)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_found()
    {
        var call = Customer(_world.Acme.Id, [Permissions.UsageRead]);

        (await FindAsync(call, "shop")).ShouldBeEmpty();
        (await FindAsync(call, "00012")).ShouldBeEmpty();
        (await FindAsync(call, _key.Key.Prefix)).ShouldBeEmpty();
        (await _world.Get<FindAnything>().RunAsync(Customer(_world.Acme.Id, []), "shop", default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a ")]
    [InlineData("%%")]
    [InlineData("__")]
    [InlineData(@"\\")]
    [InlineData("'; DROP TABLE organisations; --")]
    public async Task Signs_of_a_pattern_are_only_signs(string text) => (await FindAsync(_world.Staff, text)).ShouldBeEmpty();

    private async Task<IReadOnlyList<FoundThing>> FindAsync(CallContext call, string text) => (await _world.Get<FindAnything>().RunAsync(call, text, default)).Value;

    private CallContext Customer(Guid organisation, IEnumerable<string> permissions) =>
        _world.Staff with { Scope = new AccessScope.Organisation(organisation), Permissions = permissions.ToHashSet() };

    private Task InvoiceAsync(Guid organisation, string number) => _world.ExecuteAsync(
        $"""
        INSERT INTO invoices (id, organisation_id, status, number, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, issued_at, due_at, created_at, updated_at)
        VALUES ({Guid.CreateVersion7(AccessWorld.Start)}, {organisation}, 'issued', {number}, 2026, 10, '2026-10-01', '2026-11-01', 'UTC', 'en-IN', 'INR', 0, 0, 0, 0, 0, now(), now(), now(), now())
        """);
}
