using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

public sealed class PasskeyTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Passkeys_are_added_renamed_and_removed_by_their_own_person_only_and_each_is_audited()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        var stranger = await _world.CallOfAsync(_world.Stranger);
        (await Passkeys.AddAsync(call, Made(1), " Laptop ", default)).Failures.ShouldBeEmpty();
        var row = (await Passkeys.ListAsync(call, default)).Value.ShouldHaveSingleItem();
        (row.Name, row.IsBackedUp).ShouldBe(("Laptop", true));

        (await Passkeys.ListAsync(stranger, default)).Value.ShouldBeEmpty();
        (await Passkeys.RenameAsync(stranger, row.Id, "Mine", default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await Passkeys.RemoveAsync(stranger, row.Id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await Passkeys.RemoveAsync(call, "not base64!", default)).Failure.Kind.ShouldBe(FailureKind.NotFound);

        (await Passkeys.RenameAsync(call, row.Id, "Office laptop", default)).Failures.ShouldBeEmpty();
        (await Passkeys.ListAsync(call, default)).Value.Single().Name.ShouldBe("Office laptop");
        (await Passkeys.RemoveAsync(call, row.Id, default)).Failures.ShouldBeEmpty();
        (await Passkeys.ListAsync(call, default)).Value.ShouldBeEmpty();
        (await _world.ReadAsync(db => db.AuditLog.Where(entry => entry.EntityId == _world.Owner.Id && entry.Action.StartsWith("passkey.")).Select(entry => entry.Action).ToListAsync()))
            .ShouldBe(["passkey.added", "passkey.renamed", "passkey.removed"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("sixty-one characters are one too many for the name of a passkey")]
    public async Task A_name_is_asked_for(string name) =>
        (await Passkeys.AddAsync(await _world.CallOfAsync(_world.Owner), Made(1), name, default)).Failure.Field.ShouldBe("name");

    [Fact]
    public async Task One_credential_is_one_person_s()
    {
        (await Passkeys.AddAsync(await _world.CallOfAsync(_world.Owner), Made(7), "One", default)).Failures.ShouldBeEmpty();

        (await Passkeys.AddAsync(await _world.CallOfAsync(_world.Billing), Made(7), "Two", default)).Failure.Code.ShouldBe("known");
    }

    [Fact]
    public async Task Adding_and_removing_ask_who_it_is_when_that_was_long_ago()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        await Passkeys.AddAsync(call, Made(1), "One", default);
        var id = (await Passkeys.ListAsync(call, default)).Value.Single().Id;
        _world.Clock.Advance(StepUp.Lasts);

        (await Passkeys.MayAddAsync(call, default)).Failure.Code.ShouldBe(StepUp.Code);
        (await Passkeys.AddAsync(call, Made(2), "Two", default)).Failure.Code.ShouldBe(StepUp.Code);
        (await Passkeys.RemoveAsync(call, id, default)).Failure.Code.ShouldBe(StepUp.Code);
    }

    [Fact]
    public async Task Nobody_has_more_than_ten_not_even_two_at_once()
    {
        var call = await _world.CallOfAsync(_world.Owner);
        for (byte number = 1; number < Passkeys.Most; number++)
            (await Passkeys.AddAsync(call, Made(number), $"Key {number}", default)).Failures.ShouldBeEmpty();

        var together = await Task.WhenAll(Passkeys.AddAsync(call, Made(50), "Fifty", default), Passkeys.AddAsync(call, Made(51), "Fifty-one", default));

        together.Count(result => result.Succeeded).ShouldBe(1);
        together.Single(result => !result.Succeeded).Failure.Code.ShouldBe("too_many");
        (await Passkeys.MayAddAsync(call, default)).Failure.Code.ShouldBe("too_many");
    }

    private Passkeys Passkeys => _world.Get<Passkeys>();

    private UserPasskeyInfo Made(byte number) =>
        new([number, 2, 3, 4], [9, 9, 9], _world.Clock.GetUtcNow(), 0, ["internal"], true, true, true, [1], [2]);
}
