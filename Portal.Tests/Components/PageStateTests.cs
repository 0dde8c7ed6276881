using AngleSharp.Dom;
using Bunit;
using Portal.Components.Admin.Audit;
using Portal.Components.Admin.BillingRuns;
using Portal.Components.Admin.Invoices;
using Portal.Components.Admin.Ledger;
using Portal.Components.Admin.Metrics;
using Portal.Components.Admin.Operations;
using Portal.Components.Admin.Organisations;
using Portal.Components.Admin.Payments;
using Portal.Components.Admin.Prices;
using Portal.Components.Admin.Settings;
using Portal.Components.Customer.Invoices;
using Portal.Components.Customer.Payments;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Tests.Components.Plans;
using Portal.Tests.Components.Support;
using AdminOverview = Portal.Components.Admin.OverviewPage;
using AdminUsage = Portal.Components.Admin.Usage.UsagePage;
using CustomerOverview = Portal.Components.Customer.OverviewPage;
using CustomerUsage = Portal.Components.Customer.Usage.UsagePage;

namespace Portal.Tests.Components;

/// <summary>What every page that reads from the database does while it waits, when that fails, and for those who may not read it.</summary>
public sealed class PageStateTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Page> s_pages = new Page[]
    {
        new(typeof(BillingRunsPage), Permissions.BillingRunsRead, "All organisations"),
        new(typeof(BillingRunPage), Permissions.BillingRunsRead, "Organisation 00001") { Parameters = books => new() { ["Id"] = books.Run.Id } },
        new(typeof(Portal.Components.Admin.Analytics.AnalyticsPage), Permissions.AnalyticsRead, "No recurring revenue yet"),
        new(typeof(Portal.Components.Admin.Simulations.SimulationsPage), Permissions.SimulationsRead, "api_calls (calls), standard"),
        new(typeof(Portal.Components.Admin.Simulations.SimulationPage), Permissions.SimulationsRead, "Organisation 00001") { Parameters = books => new() { ["Id"] = books.Simulation } },
        new(typeof(Portal.Components.Admin.Simulations.SimulatedOrganisationPage), Permissions.SimulationsRead, "Simulated") { Parameters = books => new() { ["Id"] = books.Simulation, ["OrganisationId"] = books.Customer.Id } },
        new(typeof(InvoicesPage), Permissions.InvoicesRead, "Organisation 00001"),
        new(typeof(InvoicePage), Permissions.InvoicesRead, "Organisation 00001") { Parameters = books => new() { ["Id"] = books.Issued.Id } },
        new(typeof(PaymentsPage), Permissions.PaymentsRead, "UTR-1"),
        new(typeof(PaymentPage), Permissions.PaymentsRead, "UTR-1") { Parameters = books => new() { ["Id"] = books.Payment.PaymentId } },
        new(typeof(LedgerPage), Permissions.LedgerRead, "Accounts receivable"),
        new(typeof(SeriesPage), Permissions.InvoicesRead, "No gaps"),
        new(typeof(PricesPage), Permissions.PricesRead, "api_calls"),
        new(typeof(Portal.Components.Admin.Tax.TaxRatesPage), Permissions.PricesRead, "GST 18%"),
        new(typeof(Portal.Components.Admin.Tax.TaxReportsPage), Permissions.InvoicesRead, "INV/26-27/000001"),
        new(typeof(Portal.Components.Admin.ExchangeRates.ExchangeRatesPage), Permissions.PricesRead, "No exchange rates"),
        new(typeof(Portal.Components.Admin.Plans.PlansPage), Permissions.PlansRead, "basic"),
        new(typeof(Portal.Components.Admin.Plans.PlanPage), Permissions.PlansRead, "basic") { Parameters = books => new() { ["Id"] = books.PlanId } },
        new(typeof(Portal.Components.Admin.Subscriptions.SubscriptionsPage), Permissions.SubscriptionsRead, "Organisation 00001"),
        new(typeof(MetricsPage), Permissions.PricesRead, "api_calls"),
        new(typeof(Portal.Components.Admin.Usage.LatePage), Permissions.InvoicesRead, "No late usage"),
        new(typeof(Portal.Components.Admin.Credits.CreditProductsPage), Permissions.CreditsRead, "No packs yet"),
        new(typeof(Portal.Components.Admin.Credits.CreditCostsPage), Permissions.CreditsRead, "No credit costs"),
        new(typeof(Portal.Components.Admin.Discounts.DiscountsPage), Permissions.DiscountsRead, "No discounts yet"),
        new(typeof(HealthPage), Permissions.SystemRead, "All rules pass"),
        new(typeof(JobsPage), Permissions.SystemRead, "Mark overdue"),
        new(typeof(MailPage), Permissions.SystemRead, "billing@example.com") { OrElse = Permissions.InvoicesRead },
        new(typeof(OutboxPage), Permissions.SystemRead, "Invoice issued"),
        new(typeof(ProviderEventsPage), Permissions.SystemRead, "payment.captured"),
        new(typeof(JobPage), Permissions.SystemRead, "Marks invoices whose due date has passed") { Parameters = _ => new() { ["Name"] = "mark-overdue" } },
        new(typeof(OrganisationPage), Permissions.OrganisationsRead, "Organisation 00001") { Parameters = books => new() { ["Id"] = books.Customer.Id } },
        new(typeof(SettingsPage), Permissions.SettingsWrite, "As registered"),
        new(typeof(AuditPage), Permissions.AuditRead, "Payment recorded"),
        new(typeof(AdminOverview), null, "1 draft invoice to review"),
        new(typeof(AdminUsage), Permissions.UsageRead, "Organisation 00001"),
        new(typeof(CustomerOverview), null, "1 open invoice") { Parameters = Of },
        new(typeof(CustomerUsage), Permissions.UsageRead, "api_calls") { Parameters = Of },
        new(typeof(Portal.Components.Customer.Subscriptions.CustomerSubscriptionPage), Permissions.SubscriptionsRead, "₹3,000.00 a month") { Parameters = Of },
        new(typeof(CustomerInvoicesPage), Permissions.InvoicesRead, "₹68.00") { Parameters = Of },
        new(typeof(CustomerInvoicePage), Permissions.InvoicesRead, "₹68.00") { Parameters = books => new(Of(books)) { ["InvoiceId"] = books.Issued.Id } },
        new(typeof(CustomerPaymentsPage), Permissions.PaymentsRead, "UTR-1") { Parameters = Of },
        new(typeof(Portal.Components.Customer.Credits.CreditsPage), Permissions.CreditsRead, "Usage is billed at its price") { Parameters = Of },
        new(typeof(CustomerPaymentPage), Permissions.PaymentsRead, "UTR-1") { Parameters = books => new(Of(books)) { ["PaymentId"] = books.Payment.PaymentId } },
    }.ToDictionary(page => page.Type.FullName!["Portal.Components.".Length..], StringComparer.Ordinal);

    private readonly PageWorld _world = new();
    private Books _books = null!;

    public static TheoryData<string> Names => [.. s_pages.Keys];

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _books = (await Books.KeepAsync(_world)) with { PlanId = await _world.PlanAsync("basic", 3000) };
        await _world.SubscribeAsync(_books.Customer.Id, _books.PlanId);
        await _world.Billing.SqlAsync(
            "INSERT INTO provider_events (id, event_id, type, body, received_at, attempts, due_at) VALUES ($1, 'evt_1', 'payment.captured', '', $2, 0, $2)",
            Guid.CreateVersion7(_world.Billing.Clock.Now), _world.Billing.Clock.Now);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Grey_stands_in_until_the_answer_is_there(string name)
    {
        _world.Store.Hold();

        var page = Open(s_pages[name]);

        page.FindAll(".skeleton").ShouldNotBeEmpty();
        page.FindAll("h1").ShouldHaveSingleItem();
        page.Find("[aria-busy=true]");
        TextOf(page).ShouldNotContain(s_pages[name].Says);
        _world.Store.LetGo();
        await page.WaitForAssertionAsync(() => TextOf(page).ShouldContain(s_pages[name].Says));
        await page.WaitForAssertionAsync(() => page.FindAll(".skeleton").ShouldBeEmpty());
        page.FindComponents<Microsoft.AspNetCore.Components.Web.PageTitle>().ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_database_that_is_away_is_an_error_with_a_way_to_try_again(string name)
    {
        _world.Store.Fault = new TimeoutException("no route to 10.0.0.7");

        var page = Open(s_pages[name]);

        await page.WaitForAssertionAsync(() => page.Find("[role=alert] h2").TextContent.ShouldBe("This page could not be loaded"));
        page.Markup.ShouldNotContain("10.0.0.7");
        page.FindAll(".empty").ShouldBeEmpty();
        _world.Store.Fault = null;
        await page.DoAsync("[role=alert] button", element => element.ClickAsync(new()));
        await page.WaitForAssertionAsync(() => TextOf(page).Contains(s_pages[name].Says).ShouldBeTrue(TextOf(page)));
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Who_may_not_read_it_is_told_so_and_shown_nothing(string name)
    {
        var page = s_pages[name];
        _world.Calls.Permissions = page.Permission is null ? new HashSet<string>() : Permissions.All.Where(permission => permission != page.Permission && permission != page.OrElse).ToHashSet();

        var shown = Open(page);

        await shown.WaitForAssertionAsync(() => TextOf(shown).ShouldContain("You don't have access to this"));
        TextOf(shown).ShouldNotContain(page.Says);
        shown.FindAll("tbody td").ShouldBeEmpty();
        shown.FindAll("[role=alert]").ShouldBeEmpty();
    }

    private static Dictionary<string, object> Of(Books books) => new() { ["OrganisationId"] = books.Customer.Id };

    // A filter names what could be shown, and is no data.
    private static string TextOf(IRenderedComponent<PageBoundary> page) =>
        string.Concat(page.Nodes.OfType<IElement>().Select(node => (IElement)node.Clone()).Select(node =>
        {
            foreach (var choice in node.QuerySelectorAll("option"))
                choice.Remove();
            return node.TextContent;
        }));

    private IRenderedComponent<PageBoundary> Open(Page page)
    {
        _world.Navigation.NavigateTo(page.Type.Namespace!.StartsWith("Portal.Components.Customer", StringComparison.Ordinal) ? $"/o/{_books.Customer.Id}" : "/admin");
        return _world.Pages.Render<PageBoundary>(boundary => boundary.AddChildContent(builder =>
        {
            builder.OpenComponent(0, page.Type);
            builder.AddMultipleAttributes(1, page.Parameters(_books));
            builder.CloseComponent();
        }));
    }

    /// <summary>A page, what reading it needs (null: a role at all), and what it says of the books.</summary>
    private sealed record Page(Type Type, string? Permission, string Says)
    {
        /// <summary>Another permission that is as good.</summary>
        public string? OrElse { get; init; }

        public Func<Books, Dictionary<string, object>> Parameters { get; init; } = _ => [];
    }
}
