using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.PrepaidCredits;

public sealed class PrepaidBookTests(BillingWorld world) : IClassFixture<BillingWorld>
{
    [Fact]
    public async Task Two_hundred_operations_at_random_from_ten_connections_never_go_below_zero_and_sum_to_the_balance()
    {
        const int Workers = 10;
        const int Each = 20;
        var organisation = await world.OrganisationAsync();
        await GrantAsync(organisation.Id, 50);
        var expected = new decimal[Workers];

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var operation = 0; operation < Each; operation++)
            {
                if (random.Next(3) == 0)
                {
                    var credits = random.Next(1, 40);
                    await GrantAsync(organisation.Id, credits, random.Next(2) == 0 ? null : world.Clock.Now.AddDays(random.Next(1, 60)));
                    expected[worker] += credits;
                }
                else
                {
                    expected[worker] -= await TakeAsync(organisation.Id, random.Next(1, 60));
                }
            }
        })));

        await using var db = await world.Store.OpenAsync(world.Staff.Scope, default);
        var balance = (await db.PrepaidWallets.SingleAsync(wallet => wallet.OrganisationId == organisation.Id)).Balance;
        var movements = await db.PrepaidMovements.Where(movement => movement.OrganisationId == organisation.Id).OrderBy(movement => movement.Sequence).ToListAsync();
        balance.ShouldBe(50 + expected.Sum());
        balance.ShouldBe(movements.Sum(movement => movement.Amount));
        balance.ShouldBe(await db.PrepaidGrants.Where(grant => grant.OrganisationId == organisation.Id).SumAsync(grant => grant.Remaining));
        movements.ShouldContain(movement => movement.Kind == PrepaidMovementKind.Consumed);
        // Each balance follows from the one before, and none is below zero.
        var running = 0m;
        for (var index = 0; index < movements.Count; index++)
        {
            running += movements[index].Amount;
            (movements[index].Sequence, movements[index].BalanceAfter).ShouldBe((index + 1L, running));
            running.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public async Task What_expires_soonest_is_used_first_and_what_never_expires_last()
    {
        var organisation = await world.OrganisationAsync();
        var never = await GrantAsync(organisation.Id, 10);
        var late = await GrantAsync(organisation.Id, 10, world.Clock.Now.AddDays(20));
        var soon = await GrantAsync(organisation.Id, 10, world.Clock.Now.AddDays(5));

        (await TakeAsync(organisation.Id, 25)).ShouldBe(25);

        (await RemainingAsync(soon), await RemainingAsync(late), await RemainingAsync(never)).ShouldBe((0m, 0m, 5m));
        // Five are left: a part is covered, the rest is not.
        (await TakeAsync(organisation.Id, 8)).ShouldBe(5);
        (await TakeAsync(organisation.Id, 8)).ShouldBe(0);
    }

    [Fact]
    public async Task Days_end_with_the_balance_of_the_organisations_zone_and_who_never_had_credits_has_none()
    {
        var (organisation, other) = (await world.OrganisationAsync(), await world.OrganisationAsync());
        await GrantAsync(organisation.Id, 50);
        await TakeAsync(organisation.Id, 20);

        var days = (await world.Get<GetPrepaidHistory>().RunAsync(world.Staff, organisation.Id, 30, default)).Value;
        days.Count.ShouldBe(30);
        days[^1].ShouldBe(new PrepaidDay(Portal.Core.Currencies.DateFormat.DayIn(world.Clock.Now, organisation.TimeZone), 30));
        days.Take(29).ShouldAllBe(day => day.Balance == 0);
        (await world.Get<GetPrepaidHistory>().RunAsync(world.Customer(organisation.Id), organisation.Id, 30, default)).Value.ShouldBe(days);
        (await world.Get<GetPrepaidHistory>().RunAsync(world.Staff, other.Id, 30, default)).Value.ShouldBeEmpty();
        (await world.Get<GetPrepaidHistory>().RunAsync(world.Staff, Guid.NewGuid(), 30, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);

        var view = (await world.Get<GetPrepaidCredits>().RunAsync(world.Customer(organisation.Id), organisation.Id, default)).Value;
        (view.Balance, view.HasHistory, view.Forecast.PerDay, view.Forecast.Days).ShouldBe((30m, true, 20m, 1));
        view = (await world.Get<GetPrepaidCredits>().RunAsync(world.Staff, other.Id, default)).Value;
        (view.Balance, view.HasHistory, view.Forecast.PerDay).ShouldBe((0m, false, 0m));
        (await world.Get<GetPrepaidCredits>().RunAsync(world.Staff, Guid.NewGuid(), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Theory]
    [InlineData(2, 0, 2, true)]
    [InlineData(2, 2, 1, false)]
    [InlineData(3, 0, 3, false)]
    [InlineData(50, 0, 3, false)]
    [InlineData(2, 4, 0, false)]
    public async Task A_list_says_how_many_there_are_whichever_page_is_asked_for(int take, int skip, int rows, bool hasMore)
    {
        var organisation = await world.OrganisationAsync();
        for (var grant = 0; grant < 3; grant++)
            await GrantAsync(organisation.Id, 5);

        var page = (await world.Get<ListPrepaidMovements>().RunAsync(world.Staff, organisation.Id, new ListRequest { Take = take, Skip = skip, WithTotal = true }, default)).Value;

        (page.Total, page.Items.Count, page.HasMore).ShouldBe((3, rows, hasMore));
        (await world.Get<ListPrepaidMovements>().RunAsync(world.Staff, organisation.Id, new ListRequest { Take = take, Skip = skip }, default)).Value.Total.ShouldBeNull();
    }

    [Fact]
    public async Task The_database_refuses_to_take_what_is_not_there_and_to_write_what_movements_derive()
    {
        var organisation = await world.OrganisationAsync();
        var grant = await GrantAsync(organisation.Id, 5);

        (await RefusedAsync(
            """
            INSERT INTO prepaid_movements (id, organisation_id, sequence, grant_id, kind, amount, balance_after, source, created_at)
            VALUES (gen_random_uuid(), $1, 0, $2, 'expired', -6, 0, 'expiry', now())
            """, organisation.Id, grant)).ShouldBe(PostgresErrorCodes.CheckViolation);
        (await RefusedAsync("UPDATE prepaid_wallets SET balance = 100 WHERE organisation_id = $1", organisation.Id)).ShouldBe(PostgresErrorCodes.RestrictViolation);
        (await RefusedAsync("UPDATE prepaid_grants SET remaining = 1 WHERE id = $1", grant)).ShouldBe(PostgresErrorCodes.RestrictViolation);
        (await RefusedAsync("DELETE FROM prepaid_movements WHERE organisation_id = $1", organisation.Id)).ShouldBe(PostgresErrorCodes.RestrictViolation);
        (await BalanceAsync(organisation.Id)).ShouldBe(5);
    }

    [Fact]
    public async Task A_cause_grants_once()
    {
        var organisation = await world.OrganisationAsync();
        var request = new GrantPrepaidCreditsRequest { OrganisationId = organisation.Id, Credits = 10, Reason = "Sorry for the outage", RequestId = Guid.NewGuid() };
        var grant = world.Get<GrantPrepaidCredits>();

        (await grant.RunAsync(world.Staff, request, default)).Succeeded.ShouldBeTrue();
        (await grant.RunAsync(world.Staff, request, default)).Failure.Code.ShouldBe("already_granted");

        (await BalanceAsync(organisation.Id)).ShouldBe(10);
    }

    [Fact]
    public async Task A_grant_says_what_is_wrong_and_is_staffs_alone()
    {
        var organisation = await world.OrganisationAsync();
        var grant = world.Get<GrantPrepaidCredits>();

        var refused = await grant.RunAsync(world.Staff, new GrantPrepaidCreditsRequest { OrganisationId = organisation.Id, Credits = 0, ExpiresAt = world.Clock.Now, Reason = " " }, default);
        refused.Failures.Select(failure => failure.Field).ShouldBe(["credits", "expiresAt", "reason"]);
        var own = await grant.RunAsync(world.Customer(organisation.Id), new GrantPrepaidCreditsRequest { OrganisationId = organisation.Id, Credits = 1, Reason = "Why not" }, default);
        own.Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_customer_sees_its_own_credits_and_nobody_elses()
    {
        var (own, other) = (await world.OrganisationAsync(), await world.OrganisationAsync());
        await GrantAsync(own.Id, 7);
        await GrantAsync(other.Id, 9);
        var get = world.Get<GetPrepaidCredits>();

        (await get.RunAsync(world.Customer(own.Id), own.Id, default)).Value.Balance.ShouldBe(7);
        (await get.RunAsync(world.Customer(own.Id), other.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await world.Get<ListPrepaidMovements>().RunAsync(world.Customer(own.Id), other.Id, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
    }

    private async Task<Guid> GrantAsync(Guid organisationId, decimal credits, DateTimeOffset? expiresAt = null)
    {
        await using var db = await world.Store.OpenAsync(world.Staff.Scope, default);
        var grant = await world.Get<IPrepaidBook>().GrantAsync(db, new NewPrepaidGrant(organisationId, PrepaidGrantKind.Staff, credits, ExpiresAt: expiresAt, Reason: "Test"), world.Clock.Now, default);
        await db.CommitAsync(default);
        return grant!.Id;
    }

    private async Task<decimal> TakeAsync(Guid organisationId, decimal quantity)
    {
        await using var db = await world.Store.OpenAsync(new AccessScope.System("test"), default);
        var taken = await world.Get<IPrepaidBook>().TakeAsync(db, organisationId, new PrepaidUse(October, "api_calls", "calls", quantity, 1), world.Clock.Now, default);
        await db.CommitAsync(default);
        return taken;
    }

    private Task<decimal> RemainingAsync(Guid grant) => world.ScalarAsync<decimal>("SELECT remaining FROM prepaid_grants WHERE id = $1", grant);

    private Task<decimal> BalanceAsync(Guid organisationId) => world.ScalarAsync<decimal>("SELECT balance FROM prepaid_wallets WHERE organisation_id = $1", organisationId);

    private async Task<string> RefusedAsync(string sql, params object[] values) => (await Should.ThrowAsync<PostgresException>(() => world.SqlAsync(sql, values))).SqlState;
}
