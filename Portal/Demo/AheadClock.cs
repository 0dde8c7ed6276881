namespace Portal.Demo;

/// <summary>The system's clock, set ahead: to see a month's end without waiting for it. In Development only, by <c>Demo:Ahead</c>.</summary>
internal sealed class AheadClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

    /// <summary>The clock that the portal goes by.</summary>
    public static TimeProvider Of(IConfiguration configuration, IHostEnvironment environment) =>
        environment.IsDevelopment() && configuration.GetValue<TimeSpan?>($"{DemoOptions.Section}:{nameof(DemoOptions.Ahead)}") is { Ticks: > 0 } ahead ? new AheadClock(ahead) : System;
}
