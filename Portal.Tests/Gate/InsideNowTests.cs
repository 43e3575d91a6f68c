using Bunit;
using Portal.Areas.Gate;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Tests.Components;
using Xunit;

namespace Portal.Tests.Gate;

/// <summary>Who is inside, while other guards let people in and out.</summary>
public sealed class InsideNowTests : PartsContext
{
    private static readonly DateTime Now = new(2026, 11, 20, 10, 24, 0);

    [Fact]
    public async Task Who_leaves_keeps_place_and_number_until_the_guard_turns_elsewhere()
    {
        var (ana, beto, clara, diego) = (Visitor(1, "Ana"), Visitor(2, "Beto"), Visitor(3, "Clara"), Visitor(4, "Diego"));
        var left = new List<string>();
        var panel = Render<InsideNow>(parameters => parameters
            .Add(p => p.Visitors, [ana, beto, clara])
            .Add(p => p.Now, Now)
            .Add(p => p.OnExit, visitor => left.Add(visitor.Name)));

        panel.Render(parameters => parameters.Add(p => p.Visitors, [beto, clara, diego]));
        Assert.Equal(["Ana", "Beto", "Clara", "Diego"], Names(panel));
        Assert.True(panel.FindAll("li.in")[0].HasAttribute("inert"));
        Assert.True(panel.Find("[data-hotkey='Alt+1']").HasAttribute("disabled"));
        await panel.Find("[data-hotkey='Alt+2']").ClickAsync(new());
        Assert.Equal(["Beto"], left);

        await panel.InvokeAsync(panel.Instance.Settle);
        Assert.Equal(["Beto", "Clara", "Diego"], Names(panel));
        Assert.Empty(panel.FindAll(".list-new button"));
    }

    private static InsideVisitor Visitor(long id, string name) =>
        new(id, name, VisitorKind.Guest, "Torre A", "Torre A 101", 1, Now.AddMinutes(-10), TimeSpan.Zero);

    private static IEnumerable<string> Names(IRenderedComponent<InsideNow> panel) =>
        panel.FindAll("li.in strong").Select(name => name.TextContent);
}
