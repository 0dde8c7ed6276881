using Bunit;
using Portal.Components.Admin.Invoices;
using Portal.Core.Plans;
using Portal.Tests.Components.Plans;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Documents;

/// <summary>How fees, unused days and a shortfall read on an invoice, and how they are explained.</summary>
public sealed class FeeExplanationTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Each_line_says_its_days_and_how_they_made_the_amount()
    {
        var organisation = (await _world.Billing.OrganisationAsync()).Id;
        var id = await _world.SubscribeAsync(organisation, await _world.PlanAsync("basic", 3000, commitment: 900));
        var pro = await _world.PlanAsync("pro", 6000);
        (await _world.Get<SaveService>().ActivateAsync(_world.Billing.Staff, new ServiceInput { OrganisationId = organisation, Name = "Seat", Type = "seat", Quantity = 3, UnitPrice = 100, ActivatedOn = new DateOnly(2026, 11, 11), AnchorOn = new DateOnly(2026, 11, 1) }, default)).Failures.ShouldBeEmpty();
        On(new DateOnly(2026, 11, 16));
        (await _world.Get<ChangeSubscription>().RunAsync(_world.Billing.Staff, id, pro, ChangeTiming.Now, default)).Failures.ShouldBeEmpty();
        On(new DateOnly(2026, 12, 2));
        await _world.Billing.RunAsync(BillingWorld.November);
        var invoice = (await _world.Billing.InvoicesAsync(organisation)).Single();

        var page = _world.Open<InvoicePage>($"/admin/billing/invoices/{invoice.Id}", parameters => parameters.Add(one => one.Id, invoice.Id));

        await page.WaitForAssertionAsync(() => page.FindAll(".paper-line").Count.ShouldBe(7));
        var (lines, explained) = (page.FindAll(".paper-line").Select(line => line.TextContent).ToList(), page.FindAll(".explain-body").Select(body => body.TextContent).ToList());
        Explained("pro, 16 Nov").ShouldSatisfyAllConditions(
            body => body.ShouldContain("15 of 30 days"),
            body => body.ShouldContain("Full-period fee₹6,000.00"),
            body => body.ShouldContain("Less the 15 days before it started−₹3,000.00"));
        Explained("basic, unused").ShouldSatisfyAllConditions(
            body => body.ShouldContain("Charged for 30 days₹3,000.00"),
            body => body.ShouldContain("Less the 15 days that were used−₹1,500.00"),
            body => body.ShouldContain("Unused, to be credited−₹1,500.00"));
        Explained("Seat, 11 Nov").ShouldContain("3 × ₹100.00 = ₹300.00");
        Explained("Minimum commitment").ShouldSatisfyAllConditions(
            body => body.ShouldContain("15 of 30 days"),
            body => body.ShouldContain("Committed usage₹450.00"),
            body => body.ShouldContain("Line amount₹450.00"));
        lines.Single(line => line.Contains("basic, unused", StringComparison.Ordinal)).ShouldContain("₹3,000.00 for 1 – 30 Nov 2026");
        lines.Single(line => line.Contains("Minimum commitment", StringComparison.Ordinal)).ShouldContain("₹450.00 of usage committed, ₹0.00 used");

        string Explained(string beginning) => explained[lines.FindIndex(line => line.TrimStart().StartsWith(beginning, StringComparison.Ordinal))].ReplaceLineEndings("").Replace("  ", "", StringComparison.Ordinal);
    }

    private void On(DateOnly day) => _world.Billing.Clock.Now = new DateTimeOffset(day.Year, day.Month, day.Day, 6, 30, 0, TimeSpan.Zero);
}
