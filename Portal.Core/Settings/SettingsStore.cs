using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Settings;

/// <summary>Reads the platform's settings within a session.</summary>
public static class SettingsStore
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The settings in force; the defaults while nobody has saved any.</summary>
    public static async Task<PlatformSettings> PlatformSettingsAsync(this IBillingDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var value = await db.Settings.Where(setting => setting.Key == PlatformSettings.Key).Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
        return Read(value);
    }

    /// <summary>The settings as they are stored; the defaults for none.</summary>
    internal static PlatformSettings Read(string? value) => value is null ? new PlatformSettings() : JsonSerializer.Deserialize<PlatformSettings>(value, s_json)!;

    /// <summary>Stores the settings with the session's next commit.</summary>
    public static async Task SavePlatformSettingsAsync(this IBillingDb db, PlatformSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var value = JsonSerializer.Serialize(settings, s_json);
        if (await db.Settings.SingleOrDefaultAsync(setting => setting.Key == PlatformSettings.Key, cancellationToken) is { } stored)
            stored.Change(value, now);
        else
            db.Settings.Add(Setting.Create(PlatformSettings.Key, value, now));
    }
}
