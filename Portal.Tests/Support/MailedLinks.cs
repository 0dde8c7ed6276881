using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Support;

/// <summary>Works the outbox's mails about people off, and reads the links in them.</summary>
internal sealed partial class MailedLinks
{
    private readonly AccessWorld _world;
    private readonly FakeTransport _transport = new();
    private readonly IReadOnlyList<IOutboxHandler> _handlers;
    private readonly HashSet<Guid> _done = [];

    public MailedLinks(AccessWorld world)
    {
        _world = world;
        var send = new SendEmail(world.Get<IBillingStore>(), _transport, world.Clock);
        _handlers = [new SendInvitation(world.Get<IBillingStore>(), send, new FakeLinks(), world.Clock), new SendAccountLink(world.Get<IBillingStore>(), send, new FakeLinks(), world.Clock)];
    }

    /// <summary>How many mails went to an address.</summary>
    public async Task<int> CountAsync(string email)
    {
        await WorkOffAsync();
        return _transport.To(email).Count;
    }

    /// <summary>The token of the last mail to an address.</summary>
    public async Task<string> TokenAsync(string email)
    {
        await WorkOffAsync();
        return Token().Match(_transport.To(email)[^1].Text).Groups[1].Value;
    }

    private async Task WorkOffAsync()
    {
        foreach (var message in await _world.ReadAsync(db => db.Outbox.AsNoTracking().OrderBy(row => row.Id).ToListAsync()))
        {
            if (_done.Add(message.Id))
                (await _handlers.Single(handler => handler.Kind == message.Kind).HandleAsync(message, default)).ShouldBeOfType<OutboxOutcome.Done>();
        }
    }

    [GeneratedRegex(@"\?token=([A-Za-z0-9_-]+)")]
    private static partial Regex Token();
}
