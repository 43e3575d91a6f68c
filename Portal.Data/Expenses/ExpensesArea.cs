using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Expenses;

internal sealed class ExpensesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<SupplierService>()
        .AddScoped<ExpenseService>()
        .AddScoped<ExpenseDesk>()
        .AddScoped<BudgetService>()
        .AddScoped<BudgetDesk>();
}
