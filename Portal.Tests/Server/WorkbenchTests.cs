using System.Net;

namespace Portal.Tests.Server;

/// <summary>The bench for building pages is on no building's portal.</summary>
public sealed class WorkbenchTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("/_parts")]
    [InlineData("/_parts/form")]
    [InlineData("/_PARTS/list")]
    [InlineData("/_parts/sign-in")]
    public async Task Outside_Development_it_is_not_found(string path)
    {
        await using var host = new PortalHost(database.ConnectionString);
        var seen = await host.NewVisitor().GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, seen.Response.StatusCode);
    }
}
