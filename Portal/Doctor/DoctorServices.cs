namespace Portal.Doctor;

internal static class DoctorServices
{
    /// <summary>The look at the installation, for staff and for the command line. Reads the section <c>Doctor</c>.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DoctorOptions>().Bind(configuration.GetSection(DoctorOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<IExamination, DatabaseExamination>()
            .AddSingleton<IExamination, MigrationsExamination>()
            .AddSingleton<IExamination, ClockExamination>()
            .AddSingleton<IExamination, JobsExamination>()
            .AddSingleton<IExamination, MailExamination>()
            .AddSingleton<IExamination, WebhookExamination>()
            .AddSingleton<IExamination, PdfExamination>()
            .AddSingleton<IExamination, DiskExamination>()
            .AddSingleton<IExamination, BackupExamination>()
            .AddSingleton<ExamineInstallation>();
    }
}
