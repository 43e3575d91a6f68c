using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.Database;

public sealed class CancellingUnderLoadTests(LibraryDatabase database) : LibraryTest(database)
{
    [Fact]
    public async Task Cancelling_at_any_moment_never_touches_another_query_and_never_falsifies_an_answer()
    {
        const string Small = ";Maximum Pool Size=4;Connection Timeout=60";
        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var round = 0; round < 40; round++)
            {
                var number = random.Next(1_000_000);
                var cancels = random.Next(2) == 0;
                using var cancel = new CancellationTokenSource();
                try
                {
                    await using var db = Database.Library(more: Small);
                    if (cancels)
                    {
                        cancel.CancelAfter(TimeSpan.FromMicroseconds(random.Next(40_000)));
                    }

                    // A killed SLEEP answers 1 on MySQL: believed, it would make the number wrong.
                    Assert.Equal(number, await db.Database.SqlQuery<int>($"SELECT {number} + SLEEP({random.Next(2) * 0.01}) AS Value").SingleAsync(cancel.Token));
                    Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException) when (cancels)
                {
                    // Wanted.
                }
            }
        })));
        Assert.InRange(answered, 150, 480);

        await using var first = Database.Library(more: Small);
        await using var second = Database.Library(more: Small);
        await using var third = Database.Library(more: Small);
        await using var fourth = Database.Library(more: Small);
        foreach (var db in new[] { first, second, third, fourth })
        {
            await db.Database.OpenConnectionAsync();
        }
    }
}
