package sojourn.app.sandbox.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import sojourn.app.sandbox.SandboxException;
import sojourn.app.sandbox.demo.Shop.Customer;
import sojourn.app.sandbox.demo.Shop.Purchase;

/**
 * Reads a shop's purchases from a CSV file with the columns {@code customer_id,date,cds,amount}. The customers' names are
 * made up, the same at each reading.
 */
final class PurchaseFile {

    private static final String HEADER = "customer_id,date,cds,amount";

    private PurchaseFile() {}

    static Shop read(Path file, long seed, Instant now) {
        var byCustomer = new LinkedHashMap<String, List<Purchase>>();
        var lastDay = LocalDate.MIN;
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            var number = 1;
            if (!HEADER.equals(lines.readLine())) {
                throw new SandboxException(file + " must begin with the line " + HEADER);
            }
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                var cells = line.split(",", -1);
                var purchase = purchase(file, number, cells);
                byCustomer.computeIfAbsent(cells[0], _ -> new ArrayList<>()).add(purchase);
                lastDay = purchase.date().isAfter(lastDay) ? purchase.date() : lastDay;
            }
        } catch (IOException unreadable) {
            throw new SandboxException(file + " cannot be read: " + unreadable, unreadable);
        }
        if (byCustomer.isEmpty()) {
            throw new SandboxException(file + " has no purchases");
        }
        return new Shop(file.toString(), lastDay, now, customers(byCustomer, seed));
    }

    private static Purchase purchase(Path file, int line, String[] cells) {
        try {
            return new Purchase(
                    "line-" + line, LocalDate.parse(cells[1]), Integer.parseInt(cells[2]), new BigDecimal(cells[3]));
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException wrong) {
            throw new SandboxException(file + ", line " + line + ", is not " + HEADER, wrong);
        }
    }

    private static List<Customer> customers(Map<String, List<Purchase>> byCustomer, long seed) {
        var random = new Random(seed);
        var customers = new ArrayList<Customer>(byCustomer.size());
        byCustomer.forEach((id, purchases) -> {
            var person = Person.random(id, random);
            customers.add(new Customer(
                    id, person.email(), person.firstName(), person.lastName(), person.timeZone(), purchases));
        });
        return customers;
    }
}
