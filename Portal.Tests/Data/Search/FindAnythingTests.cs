using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Core.Search;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Search;

public sealed class FindAnythingTests : IAsyncLifetime
{
    private AccessWorld _world = null!;
    private IssuedApiKey _key = null!;
    private int _tickets;

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
        (await FindAsync(_world.Staff, "acme")).Where(thing => thing.Kind != FoundKind.Person).ShouldBe([new(FoundKind.Organisation, _world.Acme.Id, _world.Acme.Id, "Acme", "billing@acme.example.com")]);
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
        (await FindAsync(call, "acme")).ShouldAllBe(thing => thing.Kind == FoundKind.Person, "organisations are found by staff");
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

    [Fact]
    public async Task Staff_find_payments_tickets_people_and_what_is_sold()
    {
        var (payment, ticket) = (await PaymentAsync(_world.Acme.Id, "UTR-778899", "pay_Nx12AbCd"), await TicketAsync(_world.Acme.Id, "Card was refused"));
        await SoldAsync();

        (await FindAsync(_world.Staff, "r-7788")).ShouldBe([new(FoundKind.Payment, payment, _world.Acme.Id, "UTR-778899", "Acme")]);
        (await FindAsync(_world.Staff, "PAY_nx12")).ShouldHaveSingleItem().Id.ShouldBe(payment);
        (await FindAsync(_world.Staff, "x12abcd")).ShouldBeEmpty("the provider's id is found by its start");
        (await FindAsync(_world.Staff, "was refus")).ShouldBe([new(FoundKind.Ticket, ticket, _world.Acme.Id, "SUP-1001 Card was refused", "Acme")]);
        (await FindAsync(_world.Staff, "sup-1001")).ShouldHaveSingleItem().Kind.ShouldBe(FoundKind.Ticket);
        (await FindAsync(_world.Staff, "1001")).Select(thing => thing.Kind).ShouldContain(FoundKind.Ticket);
        (await FindAsync(_world.Staff, "viewer@")).ShouldBe([new(FoundKind.Person, _world.Viewer.Id, null, "viewer@example.com", "viewer")]);
        (await FindAsync(_world.Staff, "sparkle")).Select(thing => (thing.Kind, thing.OrganisationId, thing.Text, thing.Note)).ShouldBe(
        [
            (FoundKind.Plan, null, "Sparkle plan", "sparkle-1"), (FoundKind.Metric, null, "sparkle_calls", "calls"),
            (FoundKind.CreditProduct, null, "Sparkle pack", ""), (FoundKind.Discount, null, "Autumn", "SPARKLE10"),
        ]);
        // The page of what is found leads on, so its id is the thing's own.
        (await FindAsync(_world.Staff, "sparkle")).Select(thing => thing.Id).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_few_of_each_kind_are_found_and_those_that_begin_with_the_words_first()
    {
        for (var index = 0; index < 8; index++)
            await TicketAsync(_world.Acme.Id, $"Invoice question {index}");
        await SoldAsync();
        await _world.ExecuteAsync($"INSERT INTO metrics (id, name, unit, created_at) VALUES (gen_random_uuid(), 'a_sparkle', 'calls', now())");

        (await FindAsync(_world.Staff, "question")).Count.ShouldBe(5);
        (await FindAsync(_world.Staff, "question"))[0].Text.ShouldBe("SUP-1008 Invoice question 7");
        (await FindAsync(_world.Staff, "example.com")).Count(thing => thing.Kind == FoundKind.Person).ShouldBe(5);
        (await FindAsync(_world.Staff, "sparkle")).Where(thing => thing.Kind == FoundKind.Metric).Select(thing => thing.Text).ShouldBe(["sparkle_calls", "a_sparkle"]);
        (await FindAsync(_world.Staff, "admin@example")).First(thing => thing.Kind == FoundKind.Person).Text.ShouldBe("admin@example.com");
    }

    [Fact]
    public async Task A_customer_finds_its_own_payments_tickets_and_people_and_nothing_that_is_the_platform_s()
    {
        await PaymentAsync(_world.Acme.Id, "UTR-778899", "pay_Nx12AbCd");
        await PaymentAsync(_world.Globex.Id, "UTR-778900", "pay_Nx12AbCe");
        await TicketAsync(_world.Acme.Id, "Card was refused");
        await TicketAsync(_world.Globex.Id, "Card was refused again");
        await SoldAsync();
        var call = Customer(_world.Acme.Id, Permissions.All);

        (await FindAsync(call, "utr-778")).ShouldHaveSingleItem().Text.ShouldBe("UTR-778899");
        (await FindAsync(call, "pay_nx12")).ShouldHaveSingleItem().Text.ShouldBe("UTR-778899");
        (await FindAsync(call, "refused")).ShouldHaveSingleItem().Text.ShouldBe("SUP-1001 Card was refused");
        (await FindAsync(call, "sup-1002")).ShouldBeEmpty();
        (await FindAsync(call, "owner@")).ShouldHaveSingleItem().Text.ShouldBe("owner@acme.example.com");
        (await FindAsync(call, "viewer@")).ShouldBeEmpty();
        (await FindAsync(call, "sparkle")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Permissions.PaymentsRead, "utr-778")]
    [InlineData(Permissions.SupportRead, "refused")]
    [InlineData(Permissions.PeopleRead, "viewer@")]
    [InlineData(Permissions.PlansRead, "sparkle plan")]
    [InlineData(Permissions.PricesRead, "sparkle_calls")]
    [InlineData(Permissions.CreditsRead, "sparkle pack")]
    [InlineData(Permissions.DiscountsRead, "sparkle10")]
    public async Task Each_kind_needs_its_own_permission(string permission, string text)
    {
        await PaymentAsync(_world.Acme.Id, "UTR-778899", "pay_Nx12AbCd");
        await TicketAsync(_world.Acme.Id, "Card was refused");
        await SoldAsync();

        (await FindAsync(_world.Staff with { Permissions = new HashSet<string> { permission } }, text)).ShouldHaveSingleItem();
        (await FindAsync(_world.Staff with { Permissions = Permissions.All.Where(other => other != permission).ToHashSet() }, text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("payments", "lower(provider_payment_id) LIKE 'pay\\_nx1%'", "payments_provider_search")]
    [InlineData("support_tickets", "lower(subject) LIKE '%refused%'", "support_tickets_search")]
    [InlineData("users", "lower(email) LIKE '%owner@a%' OR lower(display_name) LIKE '%owner@a%'", "users_search")]
    [InlineData("metrics", "lower(name) LIKE '%sparkle%'", "metrics_search")]
    [InlineData("discounts", "lower(name) LIKE '%sparkle%' OR lower(code) LIKE '%sparkle%'", "discounts_search")]
    [InlineData("plans", "lower(name) LIKE '%sparkle%' OR lower(code) LIKE '%sparkle%'", "plans_search")]
    [InlineData("credit_products", "lower(name) LIKE '%sparkle%'", "credit_products_search")]
    public async Task Each_question_is_answered_from_an_index(string table, string condition, string index)
    {
        await using var connection = await _world.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await using (var off = new Npgsql.NpgsqlCommand("SET enable_seqscan = off", connection))
            await off.ExecuteNonQueryAsync();
        await using var explain = new Npgsql.NpgsqlCommand($"EXPLAIN SELECT id FROM {table} WHERE {condition}", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        string.Join('\n', plan).ShouldContain(index);
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

    private async Task<Guid> PaymentAsync(Guid organisation, string reference, string providerId)
    {
        var id = Guid.CreateVersion7(AccessWorld.Start);
        await _world.ExecuteAsync(
            $"""
            INSERT INTO payments (id, organisation_id, method, status, currency, amount, tds_amount, reference, provider_payment_id, received_at, created_at, updated_at)
            VALUES ({id}, {organisation}, 'razorpay', 'captured', 'INR', 10, 0, {reference}, {providerId}, now(), now(), now())
            """);
        return id;
    }

    private async Task<Guid> TicketAsync(Guid organisation, string subject)
    {
        var id = Guid.CreateVersion7(AccessWorld.Start.AddSeconds(++_tickets));
        await _world.ExecuteAsync(
            $"""
            INSERT INTO support_tickets (id, organisation_id, subject, category, priority, status, opened_by_name, requester_email, created_at, updated_at, last_message_at)
            VALUES ({id}, {organisation}, {subject}, 'question', 'normal', 'open', 'Somebody', 'somebody@example.com', now(), now(), now())
            """);
        return id;
    }

    private async Task SoldAsync()
    {
        (await _world.Get<SavePlan>().CreateAsync(_world.Staff, new PlanInput { Code = "sparkle-1", Name = "Sparkle plan", PriceAmount = 10, Currency = "INR", Interval = "month" }, default)).Failures.ShouldBeEmpty();
        await _world.ExecuteAsync($"INSERT INTO metrics (id, name, unit, created_at) VALUES (gen_random_uuid(), 'sparkle_calls', 'calls', now())");
        await _world.ExecuteAsync($"INSERT INTO credit_products (id, name, credits, price, currency, is_active, created_at, updated_at) VALUES (gen_random_uuid(), 'Sparkle pack', 10, 10, 'INR', true, now(), now())");
        await _world.ExecuteAsync($"INSERT INTO discounts (id, name, code, kind, value, redemptions, is_active, created_at, updated_at) VALUES (gen_random_uuid(), 'Autumn', 'SPARKLE10', 'percentage', 10, 0, true, now(), now())");
    }

    private Task InvoiceAsync(Guid organisation, string number) => _world.ExecuteAsync(
        $"""
        INSERT INTO invoices (id, organisation_id, status, number, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, issued_at, due_at, created_at, updated_at)
        VALUES ({Guid.CreateVersion7(AccessWorld.Start)}, {organisation}, 'issued', {number}, 2026, 10, '2026-10-01', '2026-11-01', 'UTC', 'en-IN', 'INR', 0, 0, 0, 0, 0, now(), now(), now(), now())
        """);
}
