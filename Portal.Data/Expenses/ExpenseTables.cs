using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Expenses;

internal sealed class SuppliersTable : IEntityTypeConfiguration<Supplier>
{
    public void Configure(EntityTypeBuilder<Supplier> table)
    {
        table.HasIndex(s => s.TaxId).IsUnique().HasDatabaseName("uq_suppliers_tax_id");
        table.HasIndex(s => s.Name).HasDatabaseName("idx_suppliers_name");
    }
}

internal sealed class ExpensesTable : IEntityTypeConfiguration<Expense>
{
    public void Configure(EntityTypeBuilder<Expense> table)
    {
        table.HasIndex(e => e.Number).IsUnique().HasDatabaseName("uq_expenses_number");
        table.HasIndex(e => new { e.SupplierId, e.InvoiceKey, e.Live }).IsUnique().HasDatabaseName("uq_expenses_invoice");
        table.HasIndex(e => new { e.Status, e.DueOn }).HasDatabaseName("idx_expenses_status_due");
        table.HasIndex(e => e.InvoicedOn).HasDatabaseName("idx_expenses_invoiced_on");
    }
}

internal sealed class ExpensePaymentsTable : IEntityTypeConfiguration<ExpensePayment>
{
    public void Configure(EntityTypeBuilder<ExpensePayment> table)
    {
        table.HasIndex(p => new { p.ExpenseId, p.Seq }).IsUnique().HasDatabaseName("uq_expense_payments_expense_seq");
        table.HasIndex(p => p.PaidOn).HasDatabaseName("idx_expense_payments_paid_on");
    }
}

internal sealed class BudgetsTable : IEntityTypeConfiguration<Budget>
{
    public void Configure(EntityTypeBuilder<Budget> table)
    {
        table.HasIndex(b => new { b.Year, b.Version }).IsUnique().HasDatabaseName("uq_budgets_version");
        table.HasIndex(b => new { b.Year, b.Draft }).IsUnique().HasDatabaseName("uq_budgets_draft");
    }
}

internal sealed class BudgetLinesTable : IEntityTypeConfiguration<BudgetLine>
{
    public void Configure(EntityTypeBuilder<BudgetLine> table) =>
        table.HasIndex(l => new { l.BudgetId, l.AccountId, l.Month }).IsUnique().HasDatabaseName("uq_budget_lines_account_month");
}
