SELECT Employee.EmployeeId,
       Employee.LastName,
       Manager.LastName AS manager,
       (SELECT count(*) FROM Employee AS Report WHERE Report.ReportsTo = Employee.EmployeeId) AS reports,
       count(DISTINCT Customer.CustomerId) AS customers,
       count(Invoice.InvoiceId) AS invoices,
       printf('%.2f', coalesce(sum(Invoice.Total), 0)) AS total
FROM Employee
LEFT JOIN Employee AS Manager ON Manager.EmployeeId = Employee.ReportsTo
LEFT JOIN Customer ON Customer.SupportRepId = Employee.EmployeeId
LEFT JOIN Invoice ON Invoice.CustomerId = Customer.CustomerId
GROUP BY Employee.EmployeeId
ORDER BY Employee.EmployeeId;
