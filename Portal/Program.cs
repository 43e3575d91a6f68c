using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.MySql;
using Portal.Hosting;
using Portal.Hosting.Identity;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("Portal")
    ?? throw new InvalidOperationException("No database: set ConnectionStrings__Portal.");
builder.Services.AddPortalData(options => options.UseMySql(database), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
builder.Services.AddPortalDataBackground();
builder.Services.AddWebParts();
builder.Services.AddPortalIdentity();

var app = builder.Build();
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseRequestLocalization();
app.UsePortalIdentity();
app.UseAntiforgery();
app.MapPortalIdentity();
app.MapWebParts();
app.Run();
