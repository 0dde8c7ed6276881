using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Core.Settings;
using Portal.Core.Support;
using Portal.Data.Kernel;
using Portal.Data.Outbox;
using Portal.Tests.Data.Payments;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Support;

/// <summary>People of two customers and of staff, their tickets, and the mails about them.</summary>
public sealed class SupportWorld : IAsyncLifetime
{
    public const string SellerMail = "help@seller.example.com";

    private ServiceProvider _services = null!;

    public AccessWorld World { get; private set; } = null!;

    internal FakeTransport Mail { get; } = new();

    public async Task InitializeAsync()
    {
        World = await AccessWorld.CreateAsync();
        _services = World.Compose(new ServiceCollection())
            .AddSingleton<SendEmail>().AddSingleton<IOutboxHandler, SendTicketMessage>().AddSingleton<DispatchOutbox>().AddOutboxData()
            .AddSingleton<IEmailTransport>(Mail).AddSingleton<IPortalLinks, FakeLinks>()
            .BuildServiceProvider();
        await using var db = await Get<IBillingStore>().OpenAsync(World.Staff.Scope, default);
        await db.SavePlatformSettingsAsync(new PlatformSettings { Seller = new SellerProfile { LegalName = "Example Seller", Address = "1 Example Street", Email = SellerMail } }, World.Clock.GetUtcNow(), default);
        await db.CommitAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await World.DisposeAsync();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A call of somebody of staff.</summary>
    public CallContext Staff(User? person = null) => Call(person ?? World.Admin, new AccessScope.Staff(), SystemRoles.Admin);

    /// <summary>A call of a member in their organisation.</summary>
    public static CallContext Member(User person, Guid organisationId, Guid? role = null) => Call(person, new AccessScope.Organisation(organisationId), role ?? SystemRoles.Owner);

    /// <summary>A call of Acme's owner.</summary>
    public CallContext Owner => Member(World.Owner, World.Acme.Id);

    /// <summary>A ticket that Acme's owner opens, a minute later than the last thing that happened.</summary>
    public async Task<Ticket> OpenAsync(string subject = "Where is my receipt?", string body = "I paid on Monday.", Action<OpenTicketRequest>? look = null, TicketSubjects? about = null, params UploadedFile[] files)
    {
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        var request = new OpenTicketRequest { OrganisationId = World.Acme.Id, Subject = subject, Body = body, About = about ?? TicketSubjects.None, Files = files };
        look?.Invoke(request);
        var opened = await Get<OpenTicket>().RunAsync(Owner, request, default);
        opened.Succeeded.ShouldBeTrue(opened.Succeeded ? null : opened.Failure.Message);
        return opened.Value;
    }

    /// <summary>Something that is written to a ticket, a minute later.</summary>
    public async Task<Result<TicketMessage>> WriteAsync(CallContext call, Guid ticketId, string body, bool isInternal = false, TicketStatus? status = null, params UploadedFile[] files)
    {
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        return await Get<ReplyToTicket>().RunAsync(call, ticketId, new TicketReply { Body = body, IsInternal = isInternal, Status = status, Files = files }, default);
    }

    public async Task<TicketDetails> ReadAsync(CallContext call, Guid ticketId)
    {
        var details = await Get<GetTicket>().RunAsync(call, ticketId, default);
        details.Succeeded.ShouldBeTrue(details.Succeeded ? null : details.Failure.Message);
        return details.Value;
    }

    /// <summary>Sends what waits to leave.</summary>
    public async Task DeliverAsync()
    {
        while (await Get<DispatchOutbox>().RunAsync(default))
        {
            // Until nothing is due.
        }
    }

    /// <summary>What raw SQL counts under the role of an organisation's sessions.</summary>
    public async Task<long> CountAsTenantAsync(Guid organisationId, string sql)
    {
        await using var connection = new NpgsqlConnection(World.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var step = new NpgsqlCommand($"SET LOCAL ROLE {TenantRole.Name}; SELECT set_config('app.organisation_id', '{organisationId}', true)", connection, transaction))
            await step.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static CallContext Call(User person, AccessScope scope, Guid role) => new(
        new Actor(ActorKind.User, person.Id, person.Email!), scope,
        SystemRoles.All.Single(known => known.Id == role).Permissions.Select(held => held.Permission).ToHashSet(StringComparer.Ordinal), "test");
}
