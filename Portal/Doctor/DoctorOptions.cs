using System.ComponentModel.DataAnnotations;

namespace Portal.Doctor;

/// <summary>The section <c>Doctor</c>: what the look at the installation compares with.</summary>
public sealed class DoctorOptions
{
    public const string Section = "Doctor";

    /// <summary>The folder that backups are written to; the newest file in it counts. Empty: backups are not looked at.</summary>
    public string? BackupFolder { get; set; }

    /// <summary>Hours after which the newest backup is too old.</summary>
    [Range(1, 8760)]
    public int BackupMaxAgeHours { get; set; } = 26;

    /// <summary>Free space of the data folder below which there is a warning, in MiB; below a quarter of it something is wrong.</summary>
    [Range(1, 1_000_000)]
    public int DiskWarningMegabytes { get; set; } = 4096;
}
