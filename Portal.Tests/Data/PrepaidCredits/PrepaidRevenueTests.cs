using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Data.PrepaidCredits;

/// <summary>What was paid ahead is earned as its credits are used, to the paisa; and its voucher is one document for ever.</summary>
public sealed class PrepaidRevenueTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    [Theory]
    [InlineData(999, 1000, 1000, 0)]
    [InlineData(999, 1000, 0, 999)]
    [InlineData(100, 3, 2, 33.33)]
    [InlineData(100, 3, 1, 66.67)]
    [InlineData(100, 3, 0, 100)]
    [InlineData(0.01, 1000, 1, 0.01)]
    public void A_share_of_the_net_amount_is_earned_and_all_of_it_at_the_end(double net, double credits, double remaining, double earned) =>
        PrepaidRelease.Earned((decimal)net, (decimal)credits, (decimal)remaining, Currency.Of("INR")).ShouldBe((decimal)earned);

    [Fact]
    public async Task Each_use_releases_its_share_and_the_last_the_rest()
    {
        var organisation = await world.OrganisationAsync();
        var purchase = await BoughtAsync(organisation, 3);

        for (var time = 1; time <= 3; time++)
        {
            await UseAsync(organisation, 1);
            // Again, and nothing moves.
            await UseAsync(organisation, 0);
            (await world.AccountAsync(organisation, LedgerAccount.Revenue)).ShouldBe(-PrepaidRelease.Earned(purchase.Net, 3, 3 - time, Currency.Of("INR")));
            await ShouldAgreeAsync(organisation);
        }

        (await world.AccountAsync(organisation, LedgerAccount.DeferredRevenue)).ShouldBe(0);
        (await ReleasesAsync(organisation)).Select(release => release.Amount).Sum().ShouldBe(purchase.Net);
        (await ReleasesAsync(organisation)).Count.ShouldBe(3);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task What_was_given_is_no_revenue_and_is_used_beside_what_was_bought()
    {
        var organisation = await world.OrganisationAsync();
        // It expires sooner, so it goes first.
        var granted = await world.Get<GrantPrepaidCredits>().RunAsync(
            PaymentsWorld.Staff, new GrantPrepaidCreditsRequest { OrganisationId = organisation.Id, Credits = 10, ExpiresAt = world.Clock.GetUtcNow().AddDays(5), Reason = "Welcome" }, CancellationToken.None);
        granted.Succeeded.ShouldBeTrue();
        var purchase = await BoughtAsync(organisation, 10);

        await UseAsync(organisation, 10);
        (await world.AccountAsync(organisation, LedgerAccount.Revenue)).ShouldBe(0);
        await UseAsync(organisation, 5);

        (await world.AccountAsync(organisation, LedgerAccount.Revenue)).ShouldBe(-purchase.Net / 2);
        await ShouldAgreeAsync(organisation);
    }

    [Fact]
    public async Task Two_purchases_are_one_entry_and_their_releases_are_kept_apart()
    {
        var organisation = await world.OrganisationAsync();
        var first = await BoughtAsync(organisation, 4);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await BoughtAsync(organisation, 4);

        await UseAsync(organisation, 6);

        var releases = await ReleasesAsync(organisation);
        releases.Select(release => (release.PurchaseId, release.Amount)).ShouldBe([(first.Id, first.Net), (second.Id, second.Net / 2)], ignoreOrder: true);
        releases.Select(release => release.TransactionId).Distinct().ShouldHaveSingleItem();
        await ShouldAgreeAsync(organisation);
    }

    [Fact]
    public async Task The_voucher_is_made_once_stored_with_its_hash_and_mailed_with_the_receipt()
    {
        var email = $"voucher{Guid.NewGuid():n}@example.com";
        var organisation = await world.OrganisationAsync(email);
        var purchase = await BoughtAsync(organisation, 1000);
        var ensure = world.Get<EnsureVoucherFile>();

        await world.WorkOutboxOffAsync();
        var mailed = world.Mail.To(email).ShouldHaveSingleItem();
        var made = world.Documents.Invoices;
        var first = await ensure.RunAsync(PaymentsWorld.Staff, purchase.Id, CancellationToken.None);
        var second = await ensure.RunAsync(PaymentsWorld.Staff, purchase.Id, CancellationToken.None);

        mailed.Attachments.Select(file => file.FileName).ShouldContain(name => name.StartsWith("RV-", StringComparison.Ordinal));
        second.Value.Content.ShouldBe(first.Value.Content);
        first.Value.Number.ShouldBe(purchase.Number);
        world.Documents.Invoices.ShouldBe(made);
        (await world.ReadAsync(db => db.PrepaidVoucherFiles.AsNoTracking().SingleAsync(file => file.PurchaseId == purchase.Id))).Sha256
            .ShouldBe(System.Security.Cryptography.SHA256.HashData(first.Value.Content));
    }

    [Fact]
    public async Task A_voucher_says_what_was_bought_and_is_shown_to_nobody_else()
    {
        var (organisation, other) = (await world.OrganisationAsync(), await world.OrganisationAsync());
        var purchase = await BoughtAsync(organisation, 1000);
        var ensure = world.Get<EnsureVoucherFile>();
        var reader = PaymentsWorld.Customer(organisation.Id) with { Permissions = new HashSet<string> { Permissions.CreditsRead } };

        (await ensure.RunAsync(PaymentsWorld.Customer(organisation.Id), purchase.Id, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await ensure.RunAsync(reader with { Scope = new AccessScope.Organisation(other.Id) }, purchase.Id, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await ensure.RunAsync(reader, purchase.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();

        var document = world.Documents.LastInvoice!;
        (document.Title, document.NumberLabel, document.Number).ShouldBe(("Receipt voucher", "Voucher number", purchase.Number));
        var line = document.Lines.ShouldHaveSingleItem();
        (line.Quantity, line.Unit, line.HsnSac, line.Amount).ShouldBe((1000m, "credits", "998315", purchase.Net));
        (document.Total, document.AmountPaid, document.AmountDue).ShouldBe((purchase.Total, purchase.Total, 0m));
        document.Taxes.Sum(tax => tax.Amount).ShouldBe(purchase.Tax);
    }

    [Fact]
    public async Task A_document_that_can_t_be_made_now_is_made_later()
    {
        var organisation = await world.OrganisationAsync();
        var purchase = await BoughtAsync(organisation, 7);
        world.Documents.IsBroken = true;
        try
        {
            (await world.Get<EnsureVoucherFile>().RunAsync(PaymentsWorld.Staff, purchase.Id, CancellationToken.None)).Succeeded.ShouldBeFalse();
        }
        finally
        {
            world.Documents.IsBroken = false;
        }

        (await world.Get<EnsureVoucherFile>().RunAsync(PaymentsWorld.Staff, purchase.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();
    }

    private async Task<PrepaidPurchase> BoughtAsync(Organisation organisation, decimal credits)
    {
        var saved = await world.Get<SaveCreditProduct>().RunAsync(
            PaymentsWorld.Staff,
            null,
            new CreditProductInput { Name = $"Pack {Guid.NewGuid():n}", Credits = credits, Price = 1000, Currency = "INR", ValidityDays = 365, HsnSac = "998315" },
            CancellationToken.None);
        var checkout = (await world.Get<StartPrepaidPurchase>().RunAsync(PaymentsWorld.Customer(organisation.Id), saved.Value.Id, CancellationToken.None)).Value;
        (await world.Get<SettlePayment>().RunAsync(PaymentsWorld.System, checkout.OrderId, world.Gateway.Pay(checkout.ProviderOrderId), CancellationToken.None)).Succeeded.ShouldBeTrue();
        return await world.ReadAsync(db => db.PrepaidPurchases.AsNoTracking().SingleAsync(purchase => purchase.Id == checkout.PurchaseId));
    }

    // As the book does it once usage is known: takes, and releases what was taken.
    private async Task UseAsync(Organisation organisation, decimal units)
    {
        var now = world.Clock.GetUtcNow();
        await using var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None);
        if (units > 0)
            (await world.Get<IPrepaidBook>().TakeAsync(db, organisation.Id, new PrepaidUse(new BillingMonth(2026, 11), "api_calls", "calls", units, 1), now, CancellationToken.None)).ShouldBe(units);
        await ReleasePrepaidRevenue.RunAsync(db, organisation.Id, now, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    private Task<List<PrepaidRelease>> ReleasesAsync(Organisation organisation) =>
        world.ReadAsync(db => db.PrepaidReleases.AsNoTracking().Where(release => release.OrganisationId == organisation.Id).ToListAsync());

    private async Task ShouldAgreeAsync(Organisation organisation)
    {
        var paid = await world.ReadAsync(db => db.PrepaidPurchases.Where(purchase => purchase.OrganisationId == organisation.Id && purchase.Status == PrepaidPurchaseStatus.Paid).SumAsync(purchase => purchase.Net));
        var released = (await ReleasesAsync(organisation)).Sum(release => release.Amount);
        (await world.AccountAsync(organisation, LedgerAccount.DeferredRevenue)).ShouldBe(released - paid);
    }
}
