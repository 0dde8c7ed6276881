namespace Portal.Core.Idempotency;

/// <summary>The stored reply of a POST that carried an <c>Idempotency-Key</c>; kept for a day.</summary>
public sealed class IdempotencyRecord
{
    private IdempotencyRecord() { }

    /// <summary>The admin key's user: keys of different callers never meet.</summary>
    public Guid OwnerId { get; private set; }

    /// <summary>1 to 255 characters.</summary>
    public string Key { get; private set; } = "";

    /// <summary>SHA-256 of method, path and body.</summary>
    public byte[] RequestHash { get; private set; } = [];

    /// <summary>Null while the first request is still running.</summary>
    public int? ResponseStatus { get; private set; }

    public string? ResponseContentType { get; private set; }

    public byte[]? ResponseBody { get; private set; }

    public string? ResponseLocation { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>How long the first request may run. Past this without a reply its outcome is unknown, and it is not run again.</summary>
    public DateTimeOffset LeaseUntil { get; private set; }

    public static IdempotencyRecord Begin(Guid ownerId, string key, byte[] requestHash, DateTimeOffset now, TimeSpan lease) => new()
    {
        OwnerId = ownerId,
        Key = key,
        RequestHash = requestHash,
        CreatedAt = now,
        LeaseUntil = now + lease,
    };

    public void Complete(int status, string? contentType, string? location, byte[] body) =>
        (ResponseStatus, ResponseContentType, ResponseLocation, ResponseBody) = (status, contentType, location, body);
}
