using System.ComponentModel.DataAnnotations;

namespace Portal.Access;

/// <summary>Section <c>Access</c>: how long people stay signed in, and how often they may try.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Minutes without a request after which a session ends.</summary>
    [Range(1, 1440)]
    public int IdleMinutes { get; init; } = 60;

    /// <summary>Hours after which a session ends whatever happened in it.</summary>
    [Range(1, 720)]
    public int AbsoluteHours { get; init; } = 12;

    /// <summary>Wrong passwords in a row until a person is locked out.</summary>
    [Range(1, 100)]
    public int LockoutTries { get; init; } = 5;

    /// <summary>Minutes that a lock-out lasts.</summary>
    [Range(1, 1440)]
    public int LockoutMinutes { get; init; } = 5;

    /// <summary>Tries to sign in that one address has per minute.</summary>
    [Range(1, 10000)]
    public int SignInsPerMinute { get; init; } = 20;

    /// <summary>Open pages that one person may have at a time, over all their browsers.</summary>
    [Range(1, 10000)]
    public int ConnectionsPerPerson { get; init; } = 50;

    /// <summary>Invitations that one admin key may send per minute.</summary>
    [Range(1, 10000)]
    public int InvitationsPerMinute { get; init; } = 20;

    /// <summary>True: cookies are sent over HTTPS only. When not set: true outside Development.</summary>
    public bool? RequireHttps { get; init; }
}
