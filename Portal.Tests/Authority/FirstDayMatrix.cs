using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.FirstDay;

namespace Portal.Tests.Authority;

/// <summary>The first day of a building: the administrator's alone.</summary>
public sealed class FirstDayMatrix : AreaMatrix
{
    private static readonly byte[] File = "Torre;Apto;Coeficiente\nTorre 9;901;1,5\n"u8.ToArray();
    private static readonly ImportFormat Format = new(
        ';', "utf-8", 1, [ImportField.Tower, ImportField.Number, ImportField.Coefficient]);

    private static readonly GenerateInput Input = new("Torre 8", 1, 2);

    public override Task SeedAsync(PortalDb db, AuthorityWorld world) => db.Database.ExecuteSqlAsync(
        $"INSERT INTO imports (id, file_name, as_of, file_rows, created, changed) VALUES (9001, 'x.csv', {world.Clock.Today}, 1, 1, 0)");

    public override IEnumerable<Entry> Entries =>
        [
            Method<BuildingImporter>(
                nameof(BuildingImporter.PreviewAsync),
                (s, user, world) => Of(s.PreviewAsync(File, Format, Options(world), null, user, default)), Who.Admin),
            Method<BuildingImporter>(
                nameof(BuildingImporter.ImportAsync),
                (s, user, world) => Of(s.ImportAsync("x.csv", File, Format, Options(world), null, user, default)), Who.Admin),
            Method<BuildingImporter>(nameof(BuildingImporter.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default)), Who.Admin),
            Method<BuildingGenerator>(
                nameof(BuildingGenerator.PreviewAsync), (s, user, _) => Of(s.PreviewAsync(Input, user, default)), Who.Admin),
            Method<BuildingGenerator>(
                nameof(BuildingGenerator.GenerateAsync), (s, user, _) => Of(s.GenerateAsync(Input, user, default)), Who.Admin),
            Method<SetUpGuide>(nameof(SetUpGuide.StepsAsync), (s, user, _) => Of(s.StepsAsync(user, default)), Who.Admin),
            Method<SetUpGuide>(
                nameof(SetUpGuide.MissingAsync), async (s, user, _) => await s.MissingAsync(user, default) > 0, Who.Admin),
            Page("/set-up", Who.Admin),
            Page("/set-up/units", Who.Admin),
            Page("/set-up/import", Who.Admin),
            Endpoint(HttpMethod.Get, "/set-up/template", "/set-up/template?kind=whole&format=csv", Who.Admin),
        ];

    private static ImportOptions Options(AuthorityWorld world) => new(world.Clock.Today);
}
