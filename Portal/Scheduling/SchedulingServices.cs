using Npgsql;
using Portal.Core.BillingRuns;
using Portal.Core.Idempotency;
using Portal.Core.Jobs;
using Portal.Jobs;
using Quartz;

namespace Portal.Scheduling;

/// <summary>
/// The scheduler: Quartz on the billing database, clustered. It is an alarm clock and nothing else: every job finds what is due in the
/// database, may run twice, and is missed by nobody when it does not run for a while.
/// </summary>
public static class SchedulingServices
{
    /// <summary>The schema of the scheduler's own tables, made by the migrations and filled by Quartz when it starts.</summary>
    public const string Schema = "scheduler";

    /// <summary>Registers the scheduler, this product's recurring jobs and the workers of billing runs.</summary>
    public static IServiceCollection AddScheduling(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SchedulingOptions>().Bind(configuration.GetSection(SchedulingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BillingOptions>().Bind(configuration.GetSection(BillingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PruneIdempotencyRecords>();
        services.AddSingleton<JobHistory>();
        services.AddSingleton<JobBoard>();
        services.AddHostedService<BillingRunWorker>();
        services.AddHostedService<SimulationWorker>();
        var options = configuration.GetSection(SchedulingOptions.Section).Get<SchedulingOptions>() ?? new SchedulingOptions();
        if (!options.Enabled)
            return services;
        services.AddQuartz(quartz => Configure(quartz, options));
        services.AddJobWatch();
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        return services
            .AddRecurringJob<ResumeBillingRunsJob>("resume-billing-runs", TimeSpan.FromSeconds(options.ResumeBillingRunsSeconds))
            .AddRecurringJob<ResumeSimulationsJob>("resume-simulations", TimeSpan.FromSeconds(15))
            .AddRecurringJob<StartMonthlyBillingJob>("start-monthly-billing", TimeSpan.FromMinutes(30))
            .AddRecurringJob<MarkOverdueJob>("mark-overdue", TimeSpan.FromSeconds(options.MarkOverdueSeconds))
            .AddRecurringJob<AdvanceSubscriptionsJob>("advance-subscriptions", TimeSpan.FromMinutes(15))
            .AddRecurringJob<KeepMrrJob>("keep-mrr", TimeSpan.FromMinutes(1))
            .AddRecurringJob<KeepAnalyticsJob>("keep-analytics", TimeSpan.FromMinutes(5))
            .AddRecurringJob<ReconcilePaymentsJob>("reconcile-payments", TimeSpan.FromMinutes(1))
            .AddRecurringJob<ConsumePrepaidCreditsJob>("consume-prepaid-credits", TimeSpan.FromMinutes(5))
            .AddRecurringJob<EnsureUsagePartitionsJob>("ensure-usage-partitions", TimeSpan.FromHours(6))
            .AddRecurringJob<CheckUsageDriftJob>("check-usage-drift", TimeSpan.FromDays(1))
            .AddRecurringJob<PruneIdempotencyJob>("prune-idempotency", TimeSpan.FromHours(1))
            .AddRecurringJob<PruneJobRunsJob>("prune-job-runs", TimeSpan.FromHours(1))
            .AddRecurringJob<CloseOldViewsJob>("close-old-views", TimeSpan.FromMinutes(1))
            .AddRecurringJob<SealAuditJob>("seal-audit", TimeSpan.FromSeconds(options.SealAuditSeconds))
            .AddRecurringJob<VerifyAuditJob>("verify-audit", TimeSpan.FromDays(1))
            .AddRecurringJob<LookAtInvariantsJob>("check-invariants", TimeSpan.FromMinutes(options.LookAtInvariantsMinutes));
    }

    /// <summary>Has every run written down, and passes over the times of jobs that are paused. Needs <see cref="JobHistory"/>.</summary>
    public static IServiceCollection AddJobWatch(this IServiceCollection services) => services.AddQuartz(quartz => quartz.AddJobMiddleware<JobWatch>());

    /// <summary>
    /// Adds a job that runs again and again, on one node of the cluster at a time. Times that were missed are made up for by one run: it
    /// finds all that is due.
    /// </summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="name">Its name in the scheduler's tables; never changed.</param>
    /// <param name="every">The time between two starts.</param>
    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services, string name, TimeSpan every)
        where TJob : class, IJob => services.AddQuartz(quartz => quartz.ScheduleJob<TJob>(
            trigger => trigger.WithIdentity(name).StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)),
            job => job.WithIdentity(name).DisallowConcurrentExecution()));

    private static void Configure(IQuartzBuilder quartz, SchedulingOptions options)
    {
        quartz.ConfigureScheduler(scheduler => scheduler.InstanceName = "billing");
        quartz.UseDefaultTimeZone(TimeZoneInfo.Utc);
        quartz.UseDefaultThreadPool(options.Threads);
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<NpgsqlDataSource>());
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
            // A node that a long pause makes look dead is "recovered" while it still works; the check-in allows for such pauses.
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = TimeSpan.FromSeconds(10);
                cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(30);
            });
            store.ConfigureStore(jobs =>
            {
                jobs.TablePrefix = $"{Schema}.qrtz_";
                jobs.StoreJobDataAsStrings = true;
                jobs.MisfireThreshold = TimeSpan.FromSeconds(60);
                jobs.CommandTimeout = TimeSpan.FromSeconds(20);
                jobs.LockWaitWarningThreshold = TimeSpan.FromSeconds(15);
                jobs.MaxConsecutiveFireFailures = 0;
            });
        });
    }
}
