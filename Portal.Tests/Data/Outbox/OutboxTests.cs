using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Kernel;
using Portal.Core.Outbox;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Data.Outbox;

public sealed class OutboxTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private readonly Scripted _handler = new();

    private DispatchOutbox Dispatcher() => new(world.Get<IOutboxQueue>(), [_handler], world.Clock, NullLogger<DispatchOutbox>.Instance);

    private async Task<OutboxMessage> WriteAsync(string kind = "scripted")
    {
        await using var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None);
        var message = OutboxMessage.Create(kind, Guid.CreateVersion7(), null, world.Clock.GetUtcNow());
        db.Outbox.Add(message);
        await db.CommitAsync(CancellationToken.None);
        return message;
    }

    private Task<OutboxMessage> ReadAsync(OutboxMessage message) => world.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(row => row.Id == message.Id));

    private async Task WorkOffAsync()
    {
        var dispatcher = Dispatcher();
        while (await dispatcher.RunAsync(CancellationToken.None))
        {
            // Until nothing is due.
        }
    }

    [Fact]
    public async Task A_message_is_done_once_however_many_workers_there_are()
    {
        var messages = new List<OutboxMessage>();
        for (var index = 0; index < 30; index++)
            messages.Add(await WriteAsync());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WorkOffAsync()));
        _handler.Handled.Order().ShouldBe(messages.Select(message => message.Id).Order());
        foreach (var message in messages)
            (await ReadAsync(message)).DoneAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_message_that_was_given_up_can_be_let_rest_and_is_neither_sent_nor_retried_after()
    {
        var message = await WriteAsync();
        var staff = PaymentsWorld.System with { Actor = new Portal.Core.Access.Actor(Portal.Core.Access.ActorKind.User, Guid.NewGuid(), "staff@example.com") };
        var discard = new DiscardOutboxMessage(world.Store, world.Clock);
        (await discard.RunAsync(staff, message.Id, CancellationToken.None)).Failure.Code.ShouldBe("outbox_not_dead");
        _handler.Outcome = _ => new OutboxOutcome.Hopeless("nobody there");
        await WorkOffAsync();

        (await discard.RunAsync(staff, message.Id, CancellationToken.None)).Failures.ShouldBeEmpty();

        (await discard.RunAsync(staff, message.Id, CancellationToken.None)).Failure.Code.ShouldBe("outbox_not_dead");
        (await new RetryOutboxMessage(world.Store, world.Clock).RunAsync(staff, message.Id, CancellationToken.None)).Failure.Code.ShouldBe("outbox_not_dead");
        var list = new ListOutbox(world.Store);
        (await list.RunAsync(staff, OutboxState.Discarded, new ListRequest(), CancellationToken.None)).Value.Items.Select(row => (row.Id, row.State)).ShouldContain((message.Id, OutboxState.Discarded));
        (await list.RunAsync(staff, OutboxState.Dead, new ListRequest(), CancellationToken.None)).Value.Items.ShouldAllBe(row => row.Id != message.Id);
        (await world.ReadAsync(db => db.AuditLog.CountAsync(entry => entry.EntityId == message.Id && entry.Action == "outbox.discarded"))).ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_tried_again_by_the_schedule_and_given_up_in_the_end()
    {
        var message = await WriteAsync();
        _handler.Outcome = _ => new OutboxOutcome.Failed("the other side is away");
        var pauses = new List<TimeSpan>();
        for (var attempt = 1; attempt < RetrySchedule.MaxAttempts; attempt++)
        {
            await WorkOffAsync();
            var waiting = await ReadAsync(message);
            (waiting.Attempts, waiting.LastError).ShouldBe((attempt, "the other side is away"));
            pauses.Add(waiting.DueAt - world.Clock.GetUtcNow());
            world.Clock.Advance(pauses[^1] - TimeSpan.FromSeconds(1));
            await WorkOffAsync();
            (await ReadAsync(message)).Attempts.ShouldBe(attempt);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        pauses.ShouldBe([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24)]);
        await WorkOffAsync();
        var dead = await ReadAsync(message);
        dead.DeadAt.ShouldBe(world.Clock.GetUtcNow());
        _handler.GivenUp.ShouldContain(message.Id);
        world.Clock.Advance(TimeSpan.FromDays(30));
        await WorkOffAsync();
        (await ReadAsync(message)).Attempts.ShouldBe(RetrySchedule.MaxAttempts);

        // Staff have it tried anew.
        _handler.Outcome = _ => new OutboxOutcome.Done();
        (await world.Get<RetryOutboxMessage>().RunAsync(PaymentsWorld.Staff, message.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();
        (await world.Get<RetryOutboxMessage>().RunAsync(PaymentsWorld.Staff, message.Id, CancellationToken.None)).Failure.Code.ShouldBe("outbox_not_dead");
        await WorkOffAsync();
        (await ReadAsync(message)).DoneAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_poisonous_message_does_not_hold_up_the_others()
    {
        var poison = await WriteAsync();
        var unknown = await WriteAsync("kind.of.a.newer.build");
        var good = await WriteAsync();
        _handler.Outcome = message => message.Id == poison.Id ? throw new InvalidOperationException("boom") : new OutboxOutcome.Done();
        await WorkOffAsync();
        (await ReadAsync(good)).DoneAt.ShouldNotBeNull();
        (await ReadAsync(poison)).LastError.ShouldBe("boom");
        (await ReadAsync(unknown)).LastError.ShouldNotBeNull();
        (await world.Get<ListOutbox>().RunAsync(PaymentsWorld.Staff, OutboxState.Waiting, new ListRequest(), CancellationToken.None)).Value.Items.Select(row => row.Id).ShouldContain(poison.Id);
    }

    [Fact]
    public async Task A_hopeless_message_is_given_up_at_once()
    {
        var message = await WriteAsync();
        _handler.Outcome = _ => new OutboxOutcome.Hopeless("no such thing");
        await WorkOffAsync();
        var dead = await ReadAsync(message);
        (dead.Attempts, dead.LastError).ShouldBe((1, "no such thing"));
        dead.DeadAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_process_that_died_had_taken_up_is_taken_up_again_after_the_lease_and_the_dead_one_s_word_no_longer_counts()
    {
        var message = await WriteAsync();
        var queue = world.Get<IOutboxQueue>();
        var first = (await queue.ClaimAsync(world.Clock.GetUtcNow(), DispatchOutbox.Lease, CancellationToken.None)).ShouldNotBeNull();
        first.Id.ShouldBe(message.Id);
        await WorkOffAsync();
        _handler.Handled.ShouldNotContain(message.Id);
        world.Clock.Advance(DispatchOutbox.Lease);
        var second = (await queue.ClaimAsync(world.Clock.GetUtcNow(), DispatchOutbox.Lease, CancellationToken.None)).ShouldNotBeNull();
        (await queue.GiveUpAsync(first, "too late", world.Clock.GetUtcNow(), CancellationToken.None)).ShouldBeFalse();
        (await queue.DoneAsync(second, world.Clock.GetUtcNow(), CancellationToken.None)).ShouldBeTrue();
    }

    private sealed class Scripted : IOutboxHandler
    {
        public string Kind => "scripted";

        public ConcurrentQueue<Guid> Handled { get; } = new();

        public ConcurrentQueue<Guid> GivenUp { get; } = new();

        public Func<OutboxMessage, OutboxOutcome> Outcome { get; set; } = _ => new OutboxOutcome.Done();

        public Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            Handled.Enqueue(message.Id);
            return Task.FromResult(Outcome(message));
        }

        public Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
        {
            GivenUp.Enqueue(message.Id);
            return Task.CompletedTask;
        }
    }
}
