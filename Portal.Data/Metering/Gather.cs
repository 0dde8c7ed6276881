using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>The events of one transaction, and which of them repeat one another.</summary>
internal sealed class Gather
{
    private readonly Dictionary<Guid, GatheredEvent> _leaders = [];

    public List<GatheredEvent> All { get; } = [];

    /// <summary>The first of each idempotency key, in the order in which every writer inserts them, so that none waits for another in a circle.</summary>
    public List<GatheredEvent> Keyed { get; } = [];

    /// <summary>Those that supersede a stored event.</summary>
    public List<GatheredEvent> Corrections { get; } = [];

    public GatheredEvent Leader(Guid keyHash) => _leaders[keyHash];

    /// <summary>Takes in the requests; new ids each time, as an earlier attempt may have come to nothing.</summary>
    public void Load(IReadOnlyList<UsageSubmission> submissions)
    {
        All.Clear();
        Keyed.Clear();
        Corrections.Clear();
        _leaders.Clear();
        foreach (var submission in submissions)
        {
            foreach (var draft in submission.Events)
                Add(submission, draft);
        }

        Keyed.Sort(static (left, right) => left.KeyHash.CompareTo(right.KeyHash));
    }

    /// <summary>Decides what is not decided yet: accepted, or a repeat of one that came before it in this transaction.</summary>
    public void Decide()
    {
        foreach (var gathered in All)
        {
            if (gathered.Draft.Outcome.Status != EventStatus.Undecided)
                continue;
            if (gathered.Leader is { IsRejected: true, Seen: null } refused)
                gathered.Draft.Outcome = refused.Draft.Outcome;
            else if (gathered.Leader is { } leader)
                gathered.Repeats(leader.AsSeen());
            else
                Accept(gathered);
        }
    }

    private void Add(UsageSubmission submission, UsageEventDraft draft)
    {
        draft.Outcome = default;
        var keyHash = draft.IdempotencyKey is null ? default : EventHash.OfKey(submission.ProjectId, draft.IdempotencyKey);
        var leader = draft.IdempotencyKey is null ? null : _leaders.GetValueOrDefault(keyHash);
        var gathered = new GatheredEvent
        {
            Submission = submission,
            Draft = draft,
            Id = Guid.CreateVersion7(submission.ReceivedAt),
            Timestamp = draft.Timestamp ?? submission.ReceivedAt,
            KeyHash = keyHash,
            BodyHash = draft.IdempotencyKey is null ? 0 : EventHash.OfBody(draft),
            Leader = leader,
        };
        All.Add(gathered);
        if (leader is not null)
            return;
        if (gathered.HasKey)
        {
            _leaders.Add(keyHash, gathered);
            Keyed.Add(gathered);
        }

        if (draft.Supersedes is not null)
            Corrections.Add(gathered);
    }

    private static void Accept(GatheredEvent gathered)
    {
        gathered.Draft.Outcome = EventOutcome.Accepted(gathered.Id);
        gathered.BillingMonth = gathered.Submission.Calendar.MonthOf(gathered.Timestamp).Index;
    }
}
