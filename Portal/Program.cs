using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Areas;
using Portal.Areas.Api;
using Portal.Areas.OnlinePayments;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Api;
using Portal.Data.Backups;
using Portal.Data.Database;
using Portal.Hosting;
using Portal.Hosting.Identity;

// What is asked for: serve (nothing said), migrate [--resume], seed [--apartments N], backup, verify, restore, drill, export, import (docs/operations.md).
var command = PortalCommand.Parse(args);

// Beside the program, not the folder it is started from: settings and files are found wherever it is called.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Host.UseSystemd();
await using var database = new PortalDatabase(builder.Configuration);

builder.Services.AddPortalTime(builder.Configuration, builder.Environment);
builder.Services.AddSingleton(database);
builder.Configuration["Surveys:KeyFolder"] ??= Path.Combine(
    PortalDatabase.FolderFrom(builder.Configuration["Database:Folder"] ?? ".data"), "survey-keys");
builder.Configuration["Gate:KeyFolder"] ??= Path.Combine(
    PortalDatabase.FolderFrom(builder.Configuration["Database:Folder"] ?? ".data"), "gate-keys");
builder.Configuration["Packs:KeyFolder"] ??= Path.Combine(
    PortalDatabase.FolderFrom(builder.Configuration["Database:Folder"] ?? ".data"), "pack-keys");
builder.Services.AddSingleton(builder.Configuration.Backups(builder.Environment)).AddSingleton<BackupLogin>(() => database.BackupConnectionString);
builder.Services.AddSingleton<DrillServers>()
    .AddSingleton<StartDrillServer>(provider => provider.GetRequiredService<DrillServers>().StartAsync);
builder.Services.AddPortalData(
    options => options.UseDatabase(database.ConnectionString),
    builder.Configuration.BuildingZone(),
    () => database.KeeperConnectionString is { } keeper ? options => options.UseDatabase(keeper) : null
);
builder.Services.AddPortalDataBackground();
builder.Services.AddSingleton(new WebhookOptions(builder.Environment.IsDevelopment()));
builder.Services.AddWebParts();
builder.Services.AddSingleton(typeof(PersistentComponentStateSerializer<>), typeof(CarriedState<>));
builder.Services.AddPortalIdentity(builder.Configuration);
builder.Services.AddShellData();
builder.Services.AddProxies(builder.Configuration);
builder.Services.AddFrontDoor();
builder.AddRequestSizes();
builder.Services.AddPortalHealth(builder.Configuration);
builder.AddTelemetry();
builder.WebHost.UseStaticWebAssets();

// A portal that was built and not published would read its files anew for every request, and send them uncompressed and uncached: only for
// who edits them while it runs.
builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
builder.Configuration["EnableStaticAssetsDevelopmentCaching"] ??= "true";
builder.Services.AddAreas();
builder.Services.AddNotifications(builder.Configuration);
builder.Services.AddOnlinePayments(builder.Configuration, builder.Environment);

var app = builder.Build();
if (await app.PrepareAsync(command, database) is { } exitCode) return exitCode;

app.UseSocketOrigin();
app.UseRequestSizes();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    ExceptionHandlingPath = "/error",
    CreateScopeForErrors = true,

    // Whoever asks meanwhile would have it written down once more; the watch has said it.
    SuppressDiagnosticsCallback = failed => Outages.Of(failed.Exception) is not null,
    StatusCodeSelector = error =>
        Outages.Of(error) is null ? StatusCodes.Status500InternalServerError : StatusCodes.Status503ServiceUnavailable,
});
app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
app.UseSecurityHeaders();
app.UseModules();
app.UseWorkbench();
app.UseApiWithoutCookies();
app.UseRequestLocalization();
app.UseApi();
app.UsePortalIdentity();
app.UseHeavyRequests();
app.UsePortalAntiforgery();
app.UseShellForRefusals();

app.MapPortalHealth();
app.MapPortalIdentity();
app.MapAreas();
app.MapIcons();
app.MapWebParts();

await app.RunAsync();
return 0;
