namespace Portal.Components.Shared;

/// <summary>Something that happened to what a page is about.</summary>
/// <param name="At">When.</param>
/// <param name="Title">What, in sentence case: <c>Key issued</c>.</param>
/// <param name="Note">By whom, or more about it.</param>
public sealed record TimelineEvent(DateTimeOffset At, string Title, string? Note = null);
