using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;
using Portal.Data.MySql.Infrastructure;

namespace Portal.Data.MySql.Update;

/// <summary>Batches of up to 200 changes a trip unless <c>MaxBatchSize</c> says otherwise, cut earlier when they grow heavy.</summary>
internal sealed class MySqlModificationCommandBatchFactory(ModificationCommandBatchFactoryDependencies dependencies, IDbContextOptions options)
    : IModificationCommandBatchFactory
{
    private const int DefaultMaxBatchSize = 200;

    private readonly int _maxBatchSize = options.FindExtension<MySqlOptionsExtension>()?.MaxBatchSize ?? DefaultMaxBatchSize;

    public ModificationCommandBatch Create() => new MySqlModificationCommandBatch(dependencies, _maxBatchSize);

    private sealed class MySqlModificationCommandBatch(ModificationCommandBatchFactoryDependencies dependencies, int maxBatchSize)
        : AffectedCountModificationCommandBatch(dependencies, maxBatchSize)
    {
        // The parameters travel inside the text, and a server takes 16 MB a packet by default: four, doubled by escaping, stay well below.
        private const long HeavyCharacters = 4_000_000;

        private long _weight;

        protected override void AddParameter(IColumnModification columnModification)
        {
            base.AddParameter(columnModification);
            _weight += columnModification.Value switch
            {
                string text => text.Length,
                byte[] bytes => bytes.Length,
                _ => 0,
            };
        }

        protected override bool IsValid()
            => base.IsValid() && (ModificationCommands.Count <= 1 || _weight <= HeavyCharacters);
    }
}
