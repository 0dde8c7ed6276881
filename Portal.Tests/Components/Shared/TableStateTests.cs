using Portal.Components.Shared.Tables;

namespace Portal.Tests.Components.Shared;

public sealed class TableStateTests
{
    [Theory]
    [InlineData("/x?page=0", 1)]
    [InlineData("/x?page=-3", 1)]
    [InlineData("/x?page=abc", 1)]
    [InlineData("/x?page=99999999999999", 1)]
    [InlineData("/x?page=2000000000", 100_000)]
    [InlineData("/x?page=7#top", 7)]
    [InlineData("/x", 1)]
    public void A_page_is_a_number_that_can_be_asked_for(string uri, int page) => TableState.Read(uri, "").Page.ShouldBe(page);

    [Fact]
    public void A_search_is_cut_at_two_hundred_characters() => TableState.Read("/x?q=" + new string('a', 5000), "").Search!.Length.ShouldBe(200);

    [Fact]
    public void Empty_values_say_nothing()
    {
        var state = TableState.Read("/x?q=&status=&sort=", "");

        state.Search.ShouldBeNull();
        state.Sort.ShouldBeNull();
        state.Filters.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_questions_in_another_order_are_the_same() =>
        TableState.Read("/x?a=1&b=2&q=x", "").Asks(TableState.Read("/x?q=x&b=2&a=1", "")).ShouldBeTrue();

    [Fact]
    public void Another_filter_is_another_question() =>
        TableState.Read("/x?a=1", "").Asks(TableState.Read("/x?a=2", "")).ShouldBeFalse();
}
