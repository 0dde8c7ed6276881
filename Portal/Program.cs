using Portal.Access;
using Portal.Changes;
using Portal.Components;
using Portal.Core.Analytics;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.FirstRun;
using Portal.Core.Health;
using Portal.Core.Invoicing;
using Portal.Core.Notifications;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Projects;
using Portal.Core.Search;
using Portal.Core.Settings;
using Portal.Core.Simulations;
using Portal.Core.Support;
using Portal.Core.Tax;
using Portal.Data;
using Portal.Data.Analytics;
using Portal.Data.BillingRuns;
using Portal.Data.Health;
using Portal.Data.Simulations;
using Portal.Demo;
using Portal.Doctor;
using Portal.Documents;
using Portal.Emails;
using Portal.Endpoints;
using Portal.Endpoints.Admin;
using Portal.Endpoints.Downloads;
using Portal.Endpoints.Idempotency;
using Portal.Endpoints.Ingest;
using Portal.Endpoints.Payments;
using Portal.Endpoints.Problems;
using Portal.Endpoints.Webhooks;
using Portal.Hosting;
using Portal.Observability;
using Portal.Outbox;
using Portal.Payments;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay;
using Portal.Scheduling;

return await Startup.RunAsync(async stop =>
{
    var builder = WebApplication.CreateBuilder(args);
    var command = Command.Of(args);
    using var folder = command.OpenFolder(builder.Configuration, builder.Environment);
    if (command.Serves)
        HttpAddresses.UseFree(builder);
    builder.UseSocketsDirectly();
    builder.UseDataFolder(folder);
    await using var database = await DatabaseAddress.PrepareAsync(folder, builder.Configuration, builder.Environment, stop);

    builder.Services.AddSingleton(AheadClock.Of(builder.Configuration, builder.Environment));
    builder.Services.AddDatabaseSupervision(database);
    builder.Services.AddBillingData(database.ConnectionString);
    builder.Services.AddDatabaseChanges();
    builder.Services.AddObservability(builder.Configuration);
    builder.Services.AddProblems();
    builder.Services.AddApiReference();

    builder.Services.AddOrganisations();
    builder.Services.AddProjects();
    builder.Services.AddApiKeys();
    builder.Services.AddAudit();
    builder.Services.AddSettings();
    builder.Services.AddAnalytics().AddAnalyticsData();
    builder.Services.AddSearch();
    builder.Services.AddNotifications();
    builder.Services.AddIngest(builder.Configuration);
    builder.Services.AddPricing();
    builder.Services.AddPlans();
    builder.Services.AddTax();
    builder.Services.AddCurrencies();
    builder.Services.AddBillingRuns();
    builder.Services.AddBillingRunData();
    builder.Services.AddSimulations().AddSimulationData();
    builder.Services.AddInvoicing();
    builder.Services.AddInvariants().AddInvariantData();
    builder.Services.AddScheduling(builder.Configuration);
    builder.Services.AddDocuments(builder.Configuration);
    builder.Services.AddEmails(builder.Configuration);
    builder.Services.AddOutbox(builder.Configuration);
    builder.Services.AddSupport();
    builder.Services.AddRazorpay(builder.Configuration);
    if (builder.Environment.IsDevelopment())
        builder.Services.AddRazorpaySandbox(builder.Configuration, builder.Environment);
    builder.Services.AddPayments();
    builder.Services.AddFirstRun();
    builder.Services.AddDoctor(builder.Configuration);

    builder.Services.AddPortalComponents();
    builder.Services.AddAccess(builder.Configuration, builder.Environment);
    builder.Services.AddAdminApi();
    builder.Services.AddDemo(builder.Configuration);

    await using var app = builder.Build();
    if (command.Migrates)
        await app.PrepareDatabaseAsync(stop);
    if (!command.Serves)
        return await command.RunAsync(app.Services, stop);

    app.UsePortalPages();
    app.UseProblems();
    app.UseRouting();
    app.UseAccess();
    app.UseIdempotencyKeys();

    app.MapPortalComponents();
    app.MapHealth();
    app.MapApiReference();
    app.MapIngest();
    app.MapWebhooks();
    app.MapPaymentEndpoints();
    app.MapDownloads();
    app.MapAdminApi();
    app.MapUnknownApi();
    app.MapAccess();
    if (app.Environment.IsDevelopment())
        app.MapRazorpaySandbox();
    app.MapDevMail();

    await app.ServeAsync(stop);
    return 0;
});
