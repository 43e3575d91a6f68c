using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.MySql.Infrastructure;

/// <summary>What <c>UseMySql</c> stores in the options of a context. It has no settings beyond the relational ones.</summary>
public sealed class MySqlOptionsExtension : RelationalOptionsExtension
{
    private DbContextOptionsExtensionInfo? _info;

    public MySqlOptionsExtension()
    {
    }

    private MySqlOptionsExtension(MySqlOptionsExtension copyFrom)
        : base(copyFrom)
    {
    }

    public override DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    protected override RelationalOptionsExtension Clone() => new MySqlOptionsExtension(this);

    public override void ApplyServices(IServiceCollection services) => services.AddEntityFrameworkMySql();

    private sealed class ExtensionInfo(IDbContextOptionsExtension extension) : RelationalExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => true;

        public override string LogFragment => "using MySQL " + base.LogFragment;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["MySql"] = "1";
    }
}
