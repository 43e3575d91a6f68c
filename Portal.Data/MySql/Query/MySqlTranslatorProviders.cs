using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Query;

internal sealed class MySqlMethodCallTranslatorProvider : RelationalMethodCallTranslatorProvider
{
    public MySqlMethodCallTranslatorProvider(
        RelationalMethodCallTranslatorProviderDependencies dependencies, IRelationalTypeMappingSource typeMappings)
        : base(dependencies)
    {
        var sql = dependencies.SqlExpressionFactory;
        AddTranslators(
        [
            new MySqlStringTranslator(sql),
            new MySqlMathTranslator(sql),
            new MySqlTimeMethodTranslator(sql, typeMappings),
            new MySqlDbFunctionsTranslator(sql),
            new MySqlConversionTranslator(sql, typeMappings),
        ]);
    }
}

internal sealed class MySqlMemberTranslatorProvider : RelationalMemberTranslatorProvider
{
    public MySqlMemberTranslatorProvider(
        RelationalMemberTranslatorProviderDependencies dependencies, IRelationalTypeMappingSource typeMappings)
        : base(dependencies)
        => AddTranslators([new MySqlMemberTranslator(dependencies.SqlExpressionFactory, typeMappings)]);
}
