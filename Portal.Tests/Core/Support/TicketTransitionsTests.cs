using Portal.Core.Support;

namespace Portal.Tests.Core.Support;

public sealed class TicketTransitionsTests
{
    [Fact]
    public void Nothing_leaves_a_closed_ticket_and_nothing_goes_to_where_it_is()
    {
        TicketTransitions.ForStaff(TicketStatus.Closed).ShouldBeEmpty();
        TicketTransitions.ForCustomer(TicketStatus.Closed).ShouldBeEmpty();
        foreach (var status in Enum.GetValues<TicketStatus>())
        {
            TicketTransitions.ForStaff(status).ShouldNotContain(status);
            TicketTransitions.ForCustomer(status).ShouldNotContain(status);
            TicketTransitions.ForCustomer(status).Except(TicketTransitions.ForStaff(status)).ShouldBeEmpty("staff can do what a customer can");
        }
    }

    [Theory]
    [InlineData(TicketStatus.Open, TicketStatus.Open)]
    [InlineData(TicketStatus.InProgress, TicketStatus.InProgress)]
    [InlineData(TicketStatus.WaitingOnCustomer, TicketStatus.Open)]
    [InlineData(TicketStatus.Resolved, TicketStatus.Open)]
    public void A_customer_s_answer_hands_the_ticket_back(TicketStatus before, TicketStatus after) => TicketTransitions.AfterCustomer(before).ShouldBe(after);

    [Theory]
    [InlineData("SUP-1001", 1001L)]
    [InlineData(" sup-7 ", 7L)]
    [InlineData("1001", 1001L)]
    [InlineData("invoice", null)]
    [InlineData("SUP-", null)]
    [InlineData(null, null)]
    public void A_number_is_read_as_people_write_it(string? text, long? number) => Ticket.NumberOf(text).ShouldBe(number);
}
