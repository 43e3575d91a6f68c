using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Portal.Components.Shared;

/// <summary>MudBlazor's calendar that also tells of the day that is chosen already: pressed, it closes the calendar like any
/// other.</summary>
public sealed class DayCalendar : MudDatePicker
{
    [Parameter] public EventCallback<DateTime?> DayPressed { get; set; }

    protected override async Task OnDayClickedAsync(DateTime dateTime)
    {
        await base.OnDayClickedAsync(dateTime);
        await DayPressed.InvokeAsync(dateTime);
    }
}
