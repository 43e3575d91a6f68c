using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using Roles = Portal.Data.Access.Roles;

namespace Portal.Tests.People;

/// <summary>A person's page is whole for whoever may see each part of it.</summary>
public sealed class PersonPageTests(TestDatabase database) : PageContext(database)
{
    [Theory]
    [InlineData(Roles.Staff, true)]
    [InlineData(Roles.Security, false)]
    public async Task The_office_sees_what_a_person_pays_and_the_gate_what_they_drive(int role, bool money)
    {
        var home = await World.HomeAsync();
        await World.PaidAsync(home, 50_000);
        await Database.ExecuteAsync(
            $"INSERT INTO parking (space_number, status_id, license_plate, apartment_id) VALUES ('S1-01', 2, 'KLM 904', {home.Id})");
        var reader = await World.WorkerAsync(role);
        SignIn(reader);
        SetRendererInfo(new RendererInfo("Server", true));

        var page = Render<Areas.People.Person>(parameters => parameters.Add(p => p.Id, home.User.Id));

        page.WaitForAssertion(() => Assert.Contains("KLM 904", page.Markup, StringComparison.Ordinal));
        Assert.Equal(money, page.Markup.Contains("RC-2026-000001", StringComparison.Ordinal));
        Assert.Equal(money, page.FindAll("a[href^='/payments?payer=']").Count == 1);
    }
}
