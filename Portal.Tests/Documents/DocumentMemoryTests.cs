using System.Diagnostics;
using Portal.Documents;
using Portal.Documents.TableExport;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

/// <summary>Measures this process, so nothing else may run in it meanwhile.</summary>
[CollectionDefinition(nameof(DocumentMemoryTests), DisableParallelization = true)]
[Collection(nameof(DocumentMemoryTests))]
public sealed class DocumentMemoryTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void Memory_does_not_grow_over_two_thousand_documents()
    {
        Draw(300);
        var before = ResidentBytes();

        Draw(2000);

        Assert.InRange(ResidentBytes() - before, long.MinValue, 24 * Megabyte);

        static void Draw(int documents)
        {
            for (var i = 0; i < documents; i++)
            {
                ReceiptDocument.Write(Receipt() with { Number = $"RC-2026-{i:000000}" }, Es, Stream.Null);
            }
        }

        static long ResidentBytes()
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            using var self = Process.GetCurrentProcess();
            return self.WorkingSet64;
        }
    }

    [Fact]
    public async Task A_long_export_holds_no_more_than_a_short_one()
    {
        ExportColumn<string>[] columns =
        [
            new("Quién pagó", ExportKind.Text, row => row),
            new("Letras", ExportKind.Number, row => row.Length),
        ];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;

        var csv = await CsvExport.WriteAsync(columns, Many(200_000), Es, Stream.Null);
        var xlsx = await XlsxExport.WriteAsync("Pagos", columns, Many(100_000), Es, Stream.Null);

        Assert.Equal((200_000L, 100_000L), (csv, xlsx));
        Assert.InRange(peak - before, long.MinValue, 16 * Megabyte);

        async IAsyncEnumerable<string> Many(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                if (i % 25_000 == 24_999)
                {
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
                    await Task.Yield();
                }

                yield return "Andrea Ruiz Salcedo de Muñoz";
            }
        }
    }
}
