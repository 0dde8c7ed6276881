using Portal.Hosting;

return await Startup.RunAsync(async stop =>
{
    var builder = WebApplication.CreateBuilder(args);
    using var folder = DatabaseAddress.OpenFolder(builder.Configuration, builder.Environment);
    HttpAddresses.UseFree(builder);
    await using var database = await DatabaseAddress.PrepareAsync(folder, builder.Configuration, builder.Environment, stop);
    builder.Services.AddDatabaseSupervision(database);
    await using var app = builder.Build();
    await app.RunAsync(stop);
    return 0;
});
