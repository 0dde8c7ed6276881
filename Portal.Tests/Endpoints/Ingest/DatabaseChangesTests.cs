using System.Collections.Concurrent;
using Portal.Changes;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Ingest;

public sealed class DatabaseChangesTests : IAsyncLifetime
{
    private IngestHost _host = null!;

    public async Task InitializeAsync() => _host = await IngestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_subscriber_hears_its_kind_until_it_leaves_and_is_told_when_it_may_have_missed_something()
    {
        var feed = _host.Get<IDatabaseChanges>();
        await Eventually.HoldsAsync(() => feed.IsCurrent, "the feed hears");
        ConcurrentQueue<Guid?> heard = [];
        var missed = 0;
        using var failing = feed.Subscribe(ChangeKinds.Organisation, _ => throw new InvalidOperationException("A fault of a listener."));
        var subscription = feed.Subscribe(ChangeKinds.Organisation, heard.Enqueue, () => Interlocked.Increment(ref missed));
        var outbox = 0;
        using var work = feed.Subscribe(ChangeKinds.Outbox, id => Interlocked.Add(ref outbox, id is null ? 1 : 100));

        await RenameAsync();
        await _host.ExecuteAsync("SELECT pg_notify('billing', 'outbox'), pg_notify('billing', 'unheard-of:x')");
        await Eventually.HoldsAsync(() => heard.Count == 1 && outbox == 1, "the changes are heard");
        heard.ShouldHaveSingleItem().ShouldBe(_host.Organisation.Id);

        var epoch = feed.Epoch;
        await _host.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1' AND pid <> pg_backend_pid()");
        await Eventually.HoldsAsync(() => missed == 1 && feed.IsCurrent, "the feed is back");
        feed.Epoch.ShouldBe(epoch + 1);
        await RenameAsync();
        await Eventually.HoldsAsync(() => heard.Count == 2, "a change is heard on the new connection");

        subscription.Dispose();
        await RenameAsync();
        await _host.ExecuteAsync("SELECT pg_notify('billing', 'outbox')");
        await Eventually.HoldsAsync(() => outbox == 2, "what came after is heard");
        heard.Count.ShouldBe(2);
    }

    private Task RenameAsync() => _host.ExecuteAsync($"UPDATE organisations SET name = name || 'x' WHERE id = '{_host.Organisation.Id}'");
}
