using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Portal.Access;
using Portal.Core.Access;
using Portal.Tests.Support;

namespace Portal.Tests.Access;

/// <summary>For how long what was read about a person counts: for one request that only reads, and for no call of a circuit.</summary>
public sealed class PersonAccessReaderTests : IAsyncLifetime
{
    private AccessWorld _world = null!;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_request_that_only_reads_goes_by_what_was_read_at_its_beginning_and_the_next_request_does_not()
    {
        var (first, second) = (Reader(HttpMethods.Get), Reader(HttpMethods.Get));
        (await RoleAsync(first)).ShouldBe("viewer");

        await DismissAsync();

        (await RoleAsync(first)).ShouldBe("viewer");
        (await RoleAsync(second)).ShouldBeNull();
    }

    [Fact]
    public async Task A_request_that_changes_something_reads_anew_each_time()
    {
        var reader = Reader(HttpMethods.Post);
        (await RoleAsync(reader)).ShouldBe("viewer");

        await DismissAsync();

        (await RoleAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_of_a_circuit_reads_anew_and_what_is_shown_follows_within_half_a_minute()
    {
        var reader = Reader(method: null);
        (await RoleAsync(reader)).ShouldBe("viewer");

        await DismissAsync();

        (await reader.GetAsync(_world.Viewer.Id, default))!.PlatformRole.ShouldBe("viewer");
        _world.Clock.Advance(PersonAccessReader.Lifetime);
        (await reader.GetAsync(_world.Viewer.Id, default))!.PlatformRole.ShouldBeNull();
        (await RoleAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_of_a_circuit_does_not_wait_for_the_copy_to_age()
    {
        var reader = Reader(method: null);
        (await RoleAsync(reader)).ShouldBe("viewer");

        await DismissAsync();

        (await RoleAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_request_that_lasts_reads_anew()
    {
        var reader = Reader(HttpMethods.Get);
        (await RoleAsync(reader)).ShouldBe("viewer");
        await DismissAsync();

        _world.Clock.Advance(PersonAccessReader.Lifetime);

        (await RoleAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_read_for_one_person_or_session_serves_no_other()
    {
        var session = (await _world.CallOfAsync(_world.Owner)).SessionId!.Value;
        var reader = Reader(HttpMethods.Get, _world.Owner, session);

        (await reader.FreshAsync(_world.Owner.Id, default))!.HasEnded.ShouldBeFalse();
        (await reader.FreshAsync(_world.Owner.Id, Guid.CreateVersion7(AccessWorld.Start), default))!.HasEnded.ShouldBeTrue();
        (await reader.FreshAsync(_world.Viewer.Id, default))!.UserId.ShouldBe(_world.Viewer.Id);
    }

    private static async Task<string?> RoleAsync(PersonAccessReader reader, Guid userId) => (await reader.FreshAsync(userId, default))!.PlatformRole;

    private Task<string?> RoleAsync(PersonAccessReader reader) => RoleAsync(reader, _world.Viewer.Id);

    private async Task DismissAsync() => (await _world.Get<RemoveRole>().RunAsync(_world.Staff, _world.Viewer.Id, null, default)).Succeeded.ShouldBeTrue();

    /// <summary>Of a request with this method; of a circuit without one.</summary>
    private PersonAccessReader Reader(string? method, User? user = null, Guid? session = null)
    {
        var origin = new CallOrigin();
        if (method is not null)
        {
            var claims = new List<Claim> { new(ClaimTypes.NameIdentifier, (user ?? _world.Viewer).Id.ToString()) };
            if (session is { } id)
                claims.Add(new Claim(PersonClaims.Session, id.ToString()));
            origin.Take(new DefaultHttpContext { Request = { Method = method }, User = new ClaimsPrincipal(new ClaimsIdentity(claims, "test")) });
        }

        return new PersonAccessReader(_world.Get<GetAccess>(), origin, _world.Clock);
    }
}
