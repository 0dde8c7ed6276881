namespace Portal.Core.Metering;

/// <summary>Why an event is refused.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">For people.</param>
public sealed record EventProblem(string Code, string Detail)
{
    public static readonly EventProblem NotAnObject = new("not_an_object", "An event is a JSON object.");
    public static readonly EventProblem MalformedLine = new("malformed_json", "The line is not one JSON object.");
    public static readonly EventProblem DuplicateProperty = new("duplicate_property", "A property of the event stands there twice.");
    public static readonly EventProblem MetricNameRequired = new("metric_name_required", "metricName is missing.");
    public static readonly EventProblem MetricNameInvalid = new("metric_name_invalid", "metricName is a text of 1 to 100 letters, digits and the characters _ . : -");
    public static readonly EventProblem MetricValueRequired = new("metric_value_required", "metricValue is missing.");
    public static readonly EventProblem MetricValueInvalid = new("metric_value_invalid", "metricValue is a number, or a text that holds one.");
    public static readonly EventProblem MetricValueNegative = new("metric_value_negative", "metricValue is 0 or more.");
    public static readonly EventProblem MetricValueTooLarge = new("metric_value_too_large", "metricValue is less than 1000000000000000000.");
    public static readonly EventProblem MetricValueTooPrecise = new("metric_value_too_precise", "metricValue has at most 12 decimals.");
    public static readonly EventProblem UnitRequired = new("unit_required", "unit is missing.");
    public static readonly EventProblem UnitInvalid = new("unit_invalid", "unit is a text of 1 to 50 characters, not blank and without control characters.");
    public static readonly EventProblem TimestampInvalid = new("timestamp_invalid", "timestamp is a time with offset as in RFC 3339, e.g. 2026-10-31T18:30:00Z.");
    public static readonly EventProblem TimestampTooOld = new("timestamp_too_old", "timestamp lies further back than usage is accepted for.");
    public static readonly EventProblem TimestampInFuture = new("timestamp_in_future", "timestamp lies in the future.");
    public static readonly EventProblem MetadataInvalid = new("metadata_invalid", "metadata is a JSON object without the character U+0000, lone surrogates, numbers beyond 10^308 or more than 64 levels.");
    public static readonly EventProblem MetadataTooLarge = new("metadata_too_large", "metadata is at most 8 KiB.");
    public static readonly EventProblem IdempotencyKeyInvalid = new("idempotency_key_invalid", "idempotencyKey is a text of 1 to 255 characters without the character U+0000.");
    public static readonly EventProblem SupersedesInvalid = new("supersedes_invalid", "supersedes is the id of an event.");
    public static readonly EventProblem SupersedesForbidden = new("insufficient_scope", "The key may not correct events: it lacks the scope usage:correct.");
    public static readonly EventProblem SupersededNotFound = new("superseded_not_found", "There is no such event in the project.");
    public static readonly EventProblem AlreadySuperseded = new("already_superseded", "The event has been superseded before; supersede the one that took its place.");
    public static readonly EventProblem IdempotencyConflict = new("idempotency_conflict", "The idempotency key was used before, for an event with another metric, value, unit or timestamp.");
}

/// <summary>An event of a batch that is not stored.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Problem">Why not.</param>
public sealed record RejectedEvent(int Index, EventProblem Problem);
